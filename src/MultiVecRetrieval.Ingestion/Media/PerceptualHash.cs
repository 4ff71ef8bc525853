using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// 64-bit perceptual hash: the signs of the low frequencies of the picture's cosine transform. Near-duplicates differ in
/// few bits; unrelated pictures in about 32.
/// </summary>
/// <remarks>Source: the pHash construction (Zauner, Implementation and benchmarking of perceptual image hash functions, 2010).</remarks>
public static class PerceptualHash
{
    private const int Side = 32;
    private const int Frequencies = 8;
    private static readonly float[] Cosines = CreateCosines();

    /// <summary>Computes the hash from the brightness of the picture, reduced to 32 × 32 by area.</summary>
    /// <returns>One bit per frequency (1 to 8 in each direction): set when the coefficient is above the median of all 64.</returns>
    public static ulong Compute(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        float[] rows = new float[Side * Frequencies];
        float[] gray = Reduce(image);
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Frequencies; u++)
            {
                float sum = 0;
                for (int x = 0; x < Side; x++)
                {
                    sum += gray[(y * Side) + x] * Cosines[(u * Side) + x];
                }

                rows[(y * Frequencies) + u] = sum;
            }
        }

        Span<float> coefficients = stackalloc float[Frequencies * Frequencies];
        for (int v = 0; v < Frequencies; v++)
        {
            for (int u = 0; u < Frequencies; u++)
            {
                float sum = 0;
                for (int y = 0; y < Side; y++)
                {
                    sum += rows[(y * Frequencies) + u] * Cosines[(v * Side) + y];
                }

                coefficients[(v * Frequencies) + u] = sum;
            }
        }

        return TakeSigns(coefficients);
    }

    // A flat picture has no frequencies but rounding noise: all its bits are 0, so that any two of them are equal.
    private static ulong TakeSigns(ReadOnlySpan<float> coefficients)
    {
        const float Noise = 0.5f;
        Span<float> sorted = stackalloc float[coefficients.Length];
        coefficients.CopyTo(sorted);
        sorted.Sort();
        float median = (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        ulong hash = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            hash |= coefficients[i] > median && MathF.Abs(coefficients[i]) > Noise ? 1UL << i : 0;
        }

        return hash;
    }

    // Mean brightness (ITU-R BT.601 weights) of each cell of a 32 × 32 grid; pixels across cell borders count by their share.
    private static float[] Reduce(RgbImage image)
    {
        float[] columns = new float[Side];
        float[] gray = new float[Side * Side];
        double cellHeight = (double)image.Height / Side;
        for (int y = 0; y < image.Height; y++)
        {
            SumColumns(image, y, columns);
            int last = Math.Min((int)((y + 1) / cellHeight), Side - 1);
            for (int cell = (int)(y / cellHeight); cell <= last && cell < Side; cell++)
            {
                float share = (float)Overlap(y, cell, cellHeight);
                for (int x = 0; x < Side; x++)
                {
                    gray[(cell * Side) + x] += columns[x] * share;
                }
            }
        }

        return gray;
    }

    private static void SumColumns(RgbImage image, int y, float[] columns)
    {
        Array.Clear(columns);
        double cellWidth = (double)image.Width / Side;
        ReadOnlySpan<byte> row = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
        for (int x = 0; x < image.Width; x++)
        {
            float light = (0.299f * row[x * 3]) + (0.587f * row[(x * 3) + 1]) + (0.114f * row[(x * 3) + 2]);
            int first = (int)(x / cellWidth);
            int last = Math.Min((int)((x + 1) / cellWidth), Side - 1);
            for (int cell = first; cell <= last; cell++)
            {
                columns[cell] += light * (float)Overlap(x, cell, cellWidth);
            }
        }
    }

    // The part of a cell that pixel p covers.
    private static double Overlap(int p, int cell, double cellSize) =>
        Math.Max(0, Math.Min(p + 1, (cell + 1) * cellSize) - Math.Max(p, cell * cellSize)) / cellSize;

    private static float[] CreateCosines()
    {
        float[] cosines = new float[Frequencies * Side];
        for (int u = 0; u < Frequencies; u++)
        {
            for (int x = 0; x < Side; x++)
            {
                cosines[(u * Side) + x] = (float)(Math.Cos(Math.PI * (u + 1) * (x + 0.5) / Side) * Math.Sqrt(2.0 / Side));
            }
        }

        return cosines;
    }
}
