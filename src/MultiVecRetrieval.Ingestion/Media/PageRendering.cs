using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Pages rendered by pdftoppm, which come as one binary PPM after the other.</summary>
/// <remarks>
/// <c>-scale-to</c> bounds the picture whatever size the page claims; a resolution would not. pdftoppm also writes pictures
/// of 0 × 0 with exit code 0, so the header is checked.
/// </remarks>
internal sealed class PageRendering(PdfReader reader, string path, int first, int last, int longSide, CancellationToken cancellationToken)
    : PageRun<RgbImage>(Start(reader, path, first, last, longSide, cancellationToken), first)
{
    private const int MaxFieldLength = 10;

    protected override bool TryParse(Stream output, out RgbImage? value, out MediaException? problem)
    {
        value = null;
        problem = null;
        if (!TryReadField(output, out string magic) || !TryReadField(output, out string width) ||
            !TryReadField(output, out string height) || !TryReadField(output, out string maximum))
        {
            return false;
        }

        if (magic != "P6" || maximum != "255" || !int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int w) ||
            !int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out int h))
        {
            throw new MediaException($"pdftoppm wrote an unexpected header: {magic} {width} {height} {maximum}.");
        }

        if (w == 0 || h == 0)
        {
            problem = new MediaException($"The page was rendered as {w} × {h} pixels: its size is not usable.");
            return true;
        }

        // The longer side is exact but for one pixel of rounding.
        if (Math.Abs(Math.Max(w, h) - longSide) > 1)
        {
            throw new MediaException($"The page was rendered as {w} × {h} pixels; {longSide} were asked for on the longer side.");
        }

        if ((long)w * h > reader.Limits.MaxImagePixels)
        {
            throw new MediaException($"The page has {(long)w * h} pixels; the limit is {reader.Limits.MaxImagePixels}.",
                "media:maxImagePixels");
        }

        byte[] pixels = GC.AllocateUninitializedArray<byte>(w * h * 3);
        if (output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) < pixels.Length)
        {
            return false;
        }

        value = new RgbImage(w, h, pixels);
        return true;
    }

    private static ChildProcess Start(PdfReader reader, string path, int first, int last, int longSide, CancellationToken cancellationToken)
    {
        string[] arguments = ["-f", $"{first}", "-l", $"{last}", "-cropbox", "-scale-to", $"{longSide}", path];
        return ChildProcess.Start(reader.CreateOptions(ExternalProgram.PdfToPpm, arguments), cancellationToken);
    }

    // Fields end with exactly one white space, so that the pixels, which may look like white space, are not touched.
    private static bool TryReadField(Stream output, out string field)
    {
        Span<char> text = stackalloc char[MaxFieldLength];
        for (int length = 0; length <= MaxFieldLength; length++)
        {
            int b = output.ReadByte();
            if (b < 0)
            {
                break;
            }

            if (b is '\n' or ' ')
            {
                field = new string(text[..length]);
                return true;
            }

            if (length < MaxFieldLength)
            {
                text[length] = (char)b;
            }
            else
            {
                throw new MediaException("pdftoppm wrote something else than a picture.");
            }
        }

        field = "";
        return false;
    }
}
