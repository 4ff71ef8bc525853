using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Reads one picture that says its own size, as ffmpeg writes it. Source: the PPM format of Netpbm, form P6.</summary>
internal static class PortablePixmap
{
    private const int MaxLineLength = 32;

    /// <summary>Arguments that make ffmpeg write pictures of this form to standard output.</summary>
    public static string[] OutputArguments =>
        ["-fps_mode", "passthrough", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"];

    /// <summary>The picture, or null where the stream ends before it does.</summary>
    public static RgbImage? TryRead(Stream stream)
    {
        string kind = ReadLine(stream);
        string[] sides = ReadLine(stream).Split(' ');
        string largest = ReadLine(stream);
        if (kind != "P6" || largest != "255" || sides.Length != 2
            || !int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height))
        {
            return null;
        }

        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        bool isWhole = stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length;
        return isWhole ? new RgbImage(width, height, pixels) : null;
    }

    private static string ReadLine(Stream stream)
    {
        Span<char> line = stackalloc char[MaxLineLength];
        int length = 0;
        for (int c = stream.ReadByte(); c is >= 0 and not '\n' && length < MaxLineLength; c = stream.ReadByte())
        {
            line[length++] = (char)c;
        }

        return line[..length].ToString();
    }
}
