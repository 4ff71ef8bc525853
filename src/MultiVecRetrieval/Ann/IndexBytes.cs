using System.Buffers;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;

namespace MultiVecRetrieval.Ann;

/// <summary>Opens stored indexes and checks what they have in common: a header that begins with magic and version and ends with its
/// checksum.</summary>
internal static unsafe class IndexBytes
{
    /// <summary>Makes an index of bytes that stay where they are until it disposes of their owner.</summary>
    public delegate T Create<T>(byte* start, long length, IDisposable? owner);

    /// <summary>Opens an index in memory.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such index.</exception>
    public static T Open<T>(ReadOnlyMemory<byte> bytes, Create<T> create)
    {
        MemoryHandle handle = bytes.Pin();
        return Open((byte*)handle.Pointer, bytes.Length, handle, create);
    }

    /// <summary>Opens an index in a file, which is mapped.</summary>
    /// <exception cref="InvalidDataException">The file is no such index.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static T Open<T>(string path, Create<T> create)
    {
        MappedBytes bytes = new(path);
        return Open(bytes.Start, bytes.Length, bytes, create);
    }

    /// <summary>Reads a header after checking its length, magic, checksum and version.</summary>
    /// <param name="start">Where it lies.</param>
    /// <param name="length">Bytes of the whole index.</param>
    /// <param name="what">What it is a header of, for messages.</param>
    /// <param name="magic">The four bytes it begins with, little-endian.</param>
    /// <param name="version">The oldest version that this build reads.</param>
    /// <param name="newestVersion">The newest one.</param>
    /// <exception cref="InvalidDataException">It is another one, or damaged.</exception>
    public static THeader ReadHeader<THeader>(byte* start, long length, string what, uint magic, int version, int newestVersion)
        where THeader : unmanaged
    {
        if (length < sizeof(THeader))
        {
            throw new InvalidDataException($"The header of {what} has {sizeof(THeader)} bytes, there are {length}.");
        }

        ReadOnlySpan<byte> bytes = new(start, sizeof(THeader));
        if (MemoryMarshal.Read<uint>(bytes) != magic)
        {
            throw new InvalidDataException(
                $"The header of {what} begins with {Convert.ToHexString(MemoryMarshal.AsBytes([magic]))}, found {Convert.ToHexString(bytes[..4])}.");
        }

        uint expected = MemoryMarshal.Read<uint>(bytes[^sizeof(uint)..]);
        uint actual = Crc32C.Compute(bytes[..^sizeof(uint)]);
        if (actual != expected)
        {
            throw new InvalidDataException($"The header of {what} has CRC-32C {actual:x8} instead of {expected:x8}.");
        }

        int found = MemoryMarshal.Read<int>(bytes[sizeof(uint)..]);
        return found >= version && found <= newestVersion
            ? MemoryMarshal.Read<THeader>(bytes)
            : throw new InvalidDataException(
                $"The header of {what} has format {found}, this build reads {(version == newestVersion ? $"{version}" : $"{version} to {newestVersion}")}.");
    }

    /// <summary>Checks what tells searches where to read: with the right checksum it is what the builder wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void CheckTables(byte* start, long end, string what, uint expected)
    {
        const int PieceLength = 1 << 24;
        Crc32C checksum = Crc32C.Start();
        for (byte* piece = start; piece < start + end; piece += PieceLength)
        {
            checksum.Append(new ReadOnlySpan<byte>(piece, (int)Math.Min(PieceLength, start + end - piece)));
        }

        if (checksum.Value != expected)
        {
            throw new InvalidDataException($"The tables of {what} have CRC-32C {checksum.Value:x8} instead of {expected:x8}.");
        }
    }

    private static T Open<T>(byte* start, long length, IDisposable owner, Create<T> create)
    {
        try
        {
            return create(start, length, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
