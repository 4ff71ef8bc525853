using System.Buffers.Binary;
using System.Numerics;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media.Vips;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Decodes Windows bitmaps, which the bundled libvips does not: 1, 4, 8 bits with palette, 16, 24 and 32 bits, bit fields,
/// run lengths. Source: BITMAPINFOHEADER and its relatives in the Windows GDI reference.
/// </summary>
internal static class BitmapDecoder
{
    private const int FileHeaderLength = 14;
    private const int CoreHeaderLength = 12;
    private const int Uncompressed = 0;
    private const int RunLength8 = 1;
    private const int RunLength4 = 2;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    /// <summary>Reads the size.</summary>
    /// <exception cref="MediaException">The header is damaged.</exception>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> bytes)
    {
        Header header = ReadHeader(bytes);
        return (header.Width, header.Height);
    }

    /// <summary>Decodes a bitmap. One whose header declares alpha is put on a ground as every transparent picture is.</summary>
    /// <exception cref="MediaException">Damaged, truncated, of an unsupported kind, or over a limit.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, MediaLimits limits)
    {
        Header header = ReadHeader(bytes);
        ImageDecoder.CheckPixels(header.Width, header.Height, limits);
        ReadOnlySpan<byte> data = bytes[Math.Min(header.DataOffset, bytes.Length)..];
        if (header.HasAlpha)
        {
            return TransparentGround.Compose(header.Width, header.Height, DecodeWithAlpha(header, data));
        }

        RgbImage image = new(header.Width, header.Height, new byte[header.Width * header.Height * 3]);
        if (header.Compression is RunLength8 or RunLength4)
        {
            DecodeRuns(header, ReadPalette(bytes, header), data, image);
        }
        else
        {
            DecodeRows(header, header.BitCount <= 8 ? ReadPalette(bytes, header) : [], data, image);
        }

        return image;
    }

    private static Header ReadHeader(ReadOnlySpan<byte> bytes)
    {
        int length = bytes.Length >= FileHeaderLength + CoreHeaderLength
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes[FileHeaderLength..])
            : 0;
        if (length is not (CoreHeaderLength or >= 16 and <= 124) || bytes.Length < FileHeaderLength + length)
        {
            throw new MediaException("The bitmap's header is damaged or truncated.");
        }

        ReadOnlySpan<byte> info = bytes.Slice(FileHeaderLength, length);
        bool isCore = length == CoreHeaderLength;
        int width = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        int height = isCore ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        Header header = new()
        {
            Width = width,
            Height = height == int.MinValue ? 0 : Math.Abs(height),
            IsTopDown = height < 0,
            BitCount = BinaryPrimitives.ReadUInt16LittleEndian(info[(isCore ? 10 : 14)..]),
            Compression = length >= 20 ? BinaryPrimitives.ReadInt32LittleEndian(info[16..]) : Uncompressed,
            ColorCount = length >= 36 ? BinaryPrimitives.ReadInt32LittleEndian(info[32..]) : 0,
            PaletteOffset = FileHeaderLength + length,
            PaletteEntryLength = isCore ? 3 : 4,
            DataOffset = BinaryPrimitives.ReadInt32LittleEndian(bytes[10..]),
        };
        bool isKnown = (header.Compression, header.BitCount) is
            (Uncompressed, 1 or 4 or 8 or 16 or 24 or 32) or (RunLength8, 8) or (RunLength4, 4) or (BitFields or AlphaBitFields, 16 or 32);
        if (!isKnown)
        {
            throw new MediaException($"Bitmaps of {header.BitCount} bits with compression {header.Compression} are not supported.");
        }

        if (header.Width < 1 || header.Height < 1 || header.DataOffset < 0)
        {
            throw new MediaException($"The bitmap's header is damaged: {width} × {height} pixels at offset {header.DataOffset}.");
        }

        return header with { Masks = ReadMasks(bytes, header, length) };
    }

    private static uint[] ReadMasks(ReadOnlySpan<byte> bytes, Header header, int length)
    {
        if (header.Compression is not (BitFields or AlphaBitFields))
        {
            // Without masks the fourth byte is reserved: writers leave anything in it.
            return header.BitCount == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF0000, 0x00FF00, 0x0000FF, 0];
        }

        // The masks follow a header of 40 bytes and are fields of a longer one: the same place. The fourth, of alpha, is there in
        // a header of 56 bytes or more, or where the compression says so.
        int offset = FileHeaderLength + 40;
        int count = length >= 56 || header.Compression == AlphaBitFields ? 4 : 3;
        if (length < 40 || bytes.Length < offset + (4 * count))
        {
            throw new MediaException("The bitmap's colour masks are missing.");
        }

        uint[] masks = new uint[4];
        for (int i = 0; i < count; i++)
        {
            masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset + (4 * i))..]);
        }

        return masks;
    }

    private static byte[] ReadPalette(ReadOnlySpan<byte> bytes, Header header)
    {
        int count = header.ColorCount is > 0 and <= 256 ? header.ColorCount : 1 << header.BitCount;
        byte[] palette = new byte[256 * 3];
        for (int i = 0; i < Math.Min(count, 256); i++)
        {
            int offset = header.PaletteOffset + (i * header.PaletteEntryLength);
            if (offset + 3 > bytes.Length)
            {
                break;
            }

            (palette[i * 3], palette[(i * 3) + 1], palette[(i * 3) + 2]) = (bytes[offset + 2], bytes[offset + 1], bytes[offset]);
        }

        return palette;
    }

    private static long CheckLength(Header header, ReadOnlySpan<byte> data)
    {
        long stride = (((long)header.Width * header.BitCount) + 31) / 32 * 4;
        // The padding of the last row is left out by some writers.
        long needed = (stride * (header.Height - 1)) + ((((long)header.Width * header.BitCount) + 7) / 8);
        return data.Length >= needed
            ? stride
            : throw new MediaException($"The bitmap is truncated: {needed} bytes of pixels expected, {data.Length} found.");
    }

    // [height × width × 4] bytes, alpha last.
    private static byte[] DecodeWithAlpha(Header header, ReadOnlySpan<byte> data)
    {
        long stride = CheckLength(header, data);
        if ((long)header.Width * header.Height * 4 > Array.MaxLength)
        {
            throw new MediaException($"The bitmap of {header.Width} × {header.Height} pixels with transparency does not fit in an array.");
        }

        byte[] rgba = new byte[header.Width * header.Height * 4];
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = data[(int)(stride * y)..];
            Span<byte> target = rgba.AsSpan((header.IsTopDown ? y : header.Height - 1 - y) * header.Width * 4, header.Width * 4);
            for (int x = 0; x < header.Width; x++)
            {
                ReadFields(header, row, x, target.Slice(x * 4, 4));
            }
        }

        return rgba;
    }

    private static void DecodeRows(Header header, byte[] palette, ReadOnlySpan<byte> data, RgbImage image)
    {
        long stride = CheckLength(header, data);
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = data[(int)(stride * y)..];
            Span<byte> target = Row(image, header.IsTopDown ? y : header.Height - 1 - y);
            for (int x = 0; x < header.Width; x++)
            {
                ReadPixel(header, palette, row, x, target.Slice(x * 3, 3));
            }
        }
    }

    private static void ReadPixel(Header header, byte[] palette, ReadOnlySpan<byte> row, int x, Span<byte> rgb)
    {
        switch (header.BitCount)
        {
            case 24:
                (rgb[0], rgb[1], rgb[2]) = (row[(x * 3) + 2], row[(x * 3) + 1], row[x * 3]);
                break;
            case 16 or 32:
                ReadFields(header, row, x, rgb);
                break;
            default:
                int bit = x * header.BitCount;
                int index = (row[bit / 8] >> (8 - header.BitCount - (bit % 8))) & ((1 << header.BitCount) - 1);
                palette.AsSpan(index * 3, 3).CopyTo(rgb);
                break;
        }
    }

    // As many fields as the target has bytes: red, green, blue, and alpha.
    private static void ReadFields(Header header, ReadOnlySpan<byte> row, int x, Span<byte> target)
    {
        uint value = header.BitCount == 16
            ? BinaryPrimitives.ReadUInt16LittleEndian(row[(x * 2)..])
            : BinaryPrimitives.ReadUInt32LittleEndian(row[(x * 4)..]);
        for (int c = 0; c < target.Length; c++)
        {
            target[c] = Expand(value, header.Masks[c]);
        }
    }

    // A field of n bits spread over [0, 255], so that its largest value is 255.
    private static byte Expand(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        int shift = BitOperations.TrailingZeroCount(mask);
        ulong maximum = mask >> shift;
        return (byte)(((value & mask) >> shift) * 255UL / maximum);
    }

    // Pairs of count and colour; a count of 0 escapes: 0 ends the row, 1 the bitmap, 2 moves on, more copy that many pixels.
    private static void DecodeRuns(Header header, byte[] palette, ReadOnlySpan<byte> data, RgbImage image)
    {
        bool isNibbles = header.Compression == RunLength4;
        int x = 0;
        int y = 0;
        for (int i = 0; y < header.Height;)
        {
            if (i + 2 > data.Length)
            {
                throw new MediaException("The bitmap is truncated: its run lengths end early.");
            }

            int count = data[i];
            int value = data[i + 1];
            i += 2;
            if (count > 0)
            {
                for (int k = 0; k < count; k++)
                {
                    Put(isNibbles ? (k % 2 == 0 ? value >> 4 : value & 15) : value);
                }
            }
            else if (value == 0)
            {
                (x, y) = (0, y + 1);
            }
            else if (value == 1)
            {
                return;
            }
            else if (value == 2)
            {
                if (i + 2 > data.Length)
                {
                    throw new MediaException("The bitmap is truncated: its run lengths end early.");
                }

                (x, y) = (x + data[i], y + data[i + 1]);
                i += 2;
            }
            else
            {
                int length = isNibbles ? (value + 1) / 2 : value;
                if (i + length > data.Length)
                {
                    throw new MediaException("The bitmap is truncated: its run lengths end early.");
                }

                for (int k = 0; k < value; k++)
                {
                    Put(isNibbles ? (data[i + (k / 2)] >> (k % 2 == 0 ? 4 : 0)) & 15 : data[i + k]);
                }

                i += length + (length % 2);
            }
        }

        void Put(int index)
        {
            if (x < header.Width && y < header.Height)
            {
                palette.AsSpan(index * 3, 3).CopyTo(Row(image, header.Height - 1 - y)[(x * 3)..]);
            }

            x++;
        }
    }

    private static Span<byte> Row(RgbImage image, int y) => image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);

    private sealed record Header
    {
        public required int Width { get; init; }
        public required int Height { get; init; }
        public required bool IsTopDown { get; init; }
        public required int BitCount { get; init; }
        public required int Compression { get; init; }
        public required int ColorCount { get; init; }
        public required int PaletteOffset { get; init; }
        public required int PaletteEntryLength { get; init; }
        public required int DataOffset { get; init; }
        public uint[] Masks { get; init; } = [];
        public bool HasAlpha => Masks[3] != 0;
    }
}
