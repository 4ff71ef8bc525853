using System.Buffers.Binary;
using System.IO.Compression;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media.Vips;
using NetVips;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Pictures with known pixels, in every format: PNG written by hand, the others by libvips' own savers.</summary>
internal static class PictureSource
{
    /// <summary>A smooth picture with four differently coloured corners, so that every orientation looks different.</summary>
    public static RgbImage Gradient(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i += 3)
            {
                pixels[i] = (byte)(255 * x / Math.Max(width - 1, 1));
                pixels[i + 1] = (byte)(255 * y / Math.Max(height - 1, 1));
                pixels[i + 2] = (byte)(x < width / 2 ? 40 : 200);
            }
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Saves by a libvips saver such as <c>webpsave_buffer</c>.</summary>
    public static byte[] Save(RgbImage image, string saver, params (string Name, string Value)[] arguments)
    {
        _ = VipsLibrary.Version;
        VOption options = [];
        foreach ((string name, string value) in arguments)
        {
            options.Add(name.Replace('-', '_'), Parse(saver, name, value));
        }

        using Image full = Image.NewFromMemory(image.Pixels, image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        using Image rgb = full.Copy(interpretation: Enums.Interpretation.Srgb);
        return (byte[])Operation.Call(saver, options, rgb);
    }

    // Numbers and switches are understood as text; enumerations are not.
    private static object Parse(string saver, string name, string value) => (saver, name) switch
    {
        ("heifsave_buffer", "compression") => Enum.Parse<Enums.ForeignHeifCompression>(value, ignoreCase: true),
        ("tiffsave_buffer", "compression") => Enum.Parse<Enums.ForeignTiffCompression>(value, ignoreCase: true),
        _ => value,
    };

    /// <summary>A PNG with rows given as the file holds them, without filters.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="bitDepth">Bits per sample.</param>
    /// <param name="colorType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
    /// <param name="rows">All rows, each padded to whole bytes.</param>
    /// <param name="extra">Chunks between header and data.</param>
    public static byte[] Png(int width, int height, int bitDepth, int colorType, byte[] rows, params (string Type, byte[] Body)[] extra)
    {
        int stride = rows.Length / height;
        MemoryStream raw = new();
        for (int y = 0; y < height; y++)
        {
            raw.WriteByte(0);
            raw.Write(rows, y * stride, stride);
        }

        return PngFrom(width, height, bitDepth, colorType, raw.ToArray(), extra);
    }

    /// <summary>A PNG from filtered rows, which need not fit the header.</summary>
    public static byte[] PngFrom(int width, int height, int bitDepth, int colorType, byte[] filtered,
        params (string Type, byte[] Body)[] extra)
    {
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(filtered);
        }

        return PngFromPacked(width, height, bitDepth, colorType, packed.ToArray(), extra);
    }

    public static byte[] PngFromPacked(int width, int height, int bitDepth, int colorType, byte[] packed,
        params (string Type, byte[] Body)[] extra)
    {
        MemoryStream png = new();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)colorType;
        WriteChunk(png, "IHDR", header);
        foreach ((string type, byte[] body) in extra)
        {
            WriteChunk(png, type, body);
        }

        WriteChunk(png, "IDAT", packed);
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>Puts an EXIF segment with an orientation after a JPEG's start marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    private static void WriteChunk(MemoryStream png, string type, byte[] body)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, body.Length);
        png.Write(word);
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32(named));
        png.Write(word);
    }

    // CRC-32 of ISO 3309, as PNG uses it, bit by bit.
    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
