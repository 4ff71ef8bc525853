using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Tells pictures that are mostly text (screenshots, scans, slides) from photographs, without reading them: text stands on a ground of
/// one brightness, and a line across it goes between ground and ink many times.
/// </summary>
internal static class TextLikelihood
{
    private const int Bins = 32;
    private const int MinSide = 100;

    // Of the pixels on the lines looked at: how many are ground, and how often one steps between ground and ink. Of pages and screenshots
    // .55 to .98 are ground, of photographs .15 to .45; a picture of a few lines of text steps at .01 of its pixels, a drawing less.
    private const double MinGround = 0.5;
    private const double MinSteps = 0.005;

    // A difference of brightness that ink has on paper and noise of a camera has not.
    private const int InkDifference = 64;

    private const int Lines = 200;

    /// <summary>True when it is worth the seconds that recognising takes.</summary>
    public static bool IsLikely(RgbImage image)
    {
        if (image.Width < MinSide || image.Height < MinSide)
        {
            return false;
        }

        int step = Math.Max(1, image.Height / Lines);
        int[] counts = new int[Bins];
        long all = 0;
        for (int y = step / 2; y < image.Height; y += step)
        {
            for (int x = 0; x < image.Width; x++)
            {
                counts[Brightness(image, x, y) * Bins / 256]++;
                all++;
            }
        }

        int ground = Enumerable.Range(0, Bins).MaxBy(bin => counts[bin]);
        long near = counts[ground] + (ground > 0 ? counts[ground - 1] : 0) + (ground < Bins - 1 ? counts[ground + 1] : 0);
        if (near < MinGround * all)
        {
            return false;
        }

        int level = ((2 * ground) + 1) * 256 / (2 * Bins);
        long steps = 0;
        for (int y = step / 2; y < image.Height; y += step)
        {
            bool wasInk = false;
            for (int x = 0; x < image.Width; x++)
            {
                bool isInk = Math.Abs(Brightness(image, x, y) - level) > InkDifference;
                steps += isInk != wasInk ? 1 : 0;
                wasInk = isInk;
            }
        }

        return steps >= MinSteps * all;
    }

    private static int Brightness(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.AsSpan(((y * image.Width) + x) * 3, 3);
        return ((pixel[0] * 77) + (pixel[1] * 150) + (pixel[2] * 29)) >> 8;
    }
}
