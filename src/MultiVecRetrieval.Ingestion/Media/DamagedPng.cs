using System.Buffers.Binary;
using System.IO.Compression;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Puts the checksums of a PNG right. Source: PNG (ISO/IEC 15948), zlib (RFC 1950).</summary>
/// <remarks>
/// Pixels have two checksums: one for each chunk, and one for all of them. The picture is taken while one of the two
/// vouches for its pixels; where both are wrong, the pixels themselves are.
/// </remarks>
internal static class DamagedPng
{
    private const int SignatureLength = 8;
    private const int ChunkHeadLength = 8;
    private const int ChecksumLength = 4;
    private const int ZlibHeadLength = 2;
    private const int SizeOffset = SignatureLength + ChunkHeadLength;
    private const int MaxBytesPerPixel = 8;
    private const int Passes = 7;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The same chunks with right checksums, or null: chunks are missing or cut, or nothing vouches for the pixels.</summary>
    public static MendedPicture? TryMend(byte[] png, MediaLimits limits)
    {
        if (Find(png) is not { } chunks)
        {
            return null;
        }

        List<Range> parts = [.. chunks.Where(chunk => IsPixels(png, chunk))];
        byte[] packed = [.. parts.SelectMany(chunk => png[Body(chunk)])];
        if (Repack(packed, MaxLength(png, limits)) is not { } repacked)
        {
            return null;
        }

        bool arePartsRight = parts.TrueForAll(chunk => HasRightChecksum(png, chunk));
        bool isWholeRight = packed.AsSpan().EndsWith(repacked.AsSpan(^ChecksumLength..));
        string damage = !arePartsRight ? "the checksum of a part of its pixels is wrong (CRC-32 of an IDAT chunk)"
            : !isWholeRight ? "the checksum of its pixels is wrong (Adler-32 of zlib)"
            : "what surrounds its pixels is wrong";
        return arePartsRight || isWholeRight ? new MendedPicture(Write(png, chunks, repacked), damage) : null;
    }

    // Where each chunk lies, from its length to its checksum.
    private static List<Range>? Find(byte[] png)
    {
        List<Range> chunks = [];
        for (long at = SignatureLength; at + ChunkHeadLength + ChecksumLength <= png.Length;)
        {
            long end = at + ChunkHeadLength + BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at)) + ChecksumLength;
            if (end > png.Length)
            {
                return null;
            }

            Range chunk = (int)at..(int)end;
            chunks.Add(chunk);
            if (NameOf(png, chunk).SequenceEqual("IEND"u8))
            {
                return NameOf(png, chunks[0]).SequenceEqual("IHDR"u8) && png[Body(chunks[0])].Length >= ChunkHeadLength ? chunks : null;
            }

            at = end;
        }

        return null;
    }

    // The pixels packed anew, which gives them a right checksum; null where they break off or are more than the header allows.
    private static byte[]? Repack(byte[] packed, long maxLength)
    {
        if (packed.Length <= ZlibHeadLength + ChecksumLength)
        {
            return null;
        }

        using MemoryStream source = new(packed, ZlibHeadLength, packed.Length - ZlibHeadLength);
        using DeflateStream pixels = new(source, CompressionMode.Decompress);
        using MemoryStream target = new();
        try
        {
            using (ZLibStream zlib = new(target, CompressionLevel.Fastest, leaveOpen: true))
            {
                byte[] block = new byte[1 << 16];
                long length = 0;
                for (int count = pixels.Read(block); count > 0; count = pixels.Read(block))
                {
                    length += count;
                    if (length > maxLength)
                    {
                        return null;
                    }

                    zlib.Write(block, 0, count);
                }
            }

            return target.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // At most eight bytes a pixel, and one before each row of each pass.
    private static long MaxLength(byte[] png, MediaLimits limits)
    {
        long width = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(SizeOffset));
        long height = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(SizeOffset + 4));
        bool isWithin = height > 0 && width <= limits.MaxImagePixels / height;
        return isWithin ? ((width * MaxBytesPerPixel) + Passes) * height : 0;
    }

    private static byte[] Write(byte[] png, List<Range> chunks, byte[] pixels)
    {
        using MemoryStream mended = new();
        mended.Write(png, 0, SignatureLength);
        bool hasPixels = false;
        foreach (Range chunk in chunks)
        {
            bool isPixels = IsPixels(png, chunk);
            if (!isPixels || !hasPixels)
            {
                WriteChunk(mended, NameOf(png, chunk), isPixels ? pixels : png.AsSpan(Body(chunk)));
            }

            hasPixels |= isPixels;
        }

        return mended.ToArray();
    }

    private static void WriteChunk(MemoryStream target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, body.Length);
        target.Write(word);
        target.Write(name);
        target.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Continue(Continue(uint.MaxValue, name), body));
        target.Write(word);
    }

    private static bool IsPixels(byte[] png, Range chunk) => NameOf(png, chunk).SequenceEqual("IDAT"u8);

    private static ReadOnlySpan<byte> NameOf(byte[] png, Range chunk) => png.AsSpan(chunk.Start.Value + 4, 4);

    private static Range Body(Range chunk) => (chunk.Start.Value + ChunkHeadLength)..(chunk.End.Value - ChecksumLength);

    private static bool HasRightChecksum(byte[] png, Range chunk) =>
        BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(chunk.End.Value - ChecksumLength))
        == ~Continue(uint.MaxValue, png.AsSpan((chunk.Start.Value + 4)..(chunk.End.Value - ChecksumLength)));

    private static uint Continue(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            checksum = Table[(byte)(checksum ^ value)] ^ (checksum >> 8);
        }

        return checksum;
    }

    // CRC-32 with the reflected polynomial EDB88320.
    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
