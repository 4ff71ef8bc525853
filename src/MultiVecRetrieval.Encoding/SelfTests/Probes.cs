namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>Inputs that a model is tried on where nobody gives others: the same on every machine.</summary>
internal static class Probes
{
    /// <summary>Texts of one word to two sentences.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "a red car", "a page of a contract", "two dogs on a beach", "invoice total 1,204.50", "blue", "a bar chart of sales by quarter",
        "How is the filter of the pump cleaned?", "mountains at night", "table of contents", "a child riding a bicycle through the rain",
        "signature of the tenant", "wiring diagram", "The warranty ends after two years. Wear is not covered.", "a bowl of soup",
        "map of the underground", "portrait of an old woman",
    ];

    /// <summary>Number of pictures.</summary>
    public const int PictureCount = 16;

    /// <summary>A picture of smooth colours in inverted fields, in whole numbers throughout, so that any language makes the same.</summary>
    /// <param name="width">Width in pixels, at least 2.</param>
    /// <param name="height">Height in pixels, at least 2.</param>
    /// <param name="seed">Which picture, at least 0: it has (seed + 1) x (seed + 2) fields.</param>
    /// <remarks>
    /// Red is 255 x / (w - 1), green 255 y / (h - 1), blue 255 (x + y) / (w + h - 2), all rounded down; where
    /// floor(x (seed + 1) / w) + floor(y (seed + 2) / h) is odd, each is taken from 255.
    /// </remarks>
    public static RgbImage Picture(int width, int height, int seed)
    {
        byte[] pixels = new byte[width * height * 3];
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool isInverted = (((x * (seed + 1) / width) + (y * (seed + 2) / height)) & 1) == 1;
                foreach (int value in (ReadOnlySpan<int>)
                    [255 * x / (width - 1), 255 * y / (height - 1), 255 * (x + y) / (width + height - 2)])
                {
                    pixels[at++] = (byte)(isInverted ? 255 - value : value);
                }
            }
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The picture of a number, upright and lying in turn.</summary>
    public static RgbImage Picture(int seed) => seed % 2 == 0 ? Picture(320, 240, seed) : Picture(240, 336, seed);
}
