namespace MultiVecRetrieval.Numerics.Quantization.Learning;

/// <summary>The share of the answers that were found.</summary>
internal static class Recall
{
    private const int ResampleCount = 2_000;

    /// <summary>Of each query, in [0, 1].</summary>
    public static double[] OfEach(int[][] found, int[][] answers) =>
        [.. found.Zip(answers, (ids, wanted) => wanted.Count(ids.Contains) / (double)wanted.Length)];

    /// <summary>The mean and its 95 % bootstrap interval.</summary>
    public static RecallInterval GetInterval(double[] values)
    {
        Random random = new(1);
        double[] means = new double[ResampleCount];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Length; j++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        return new RecallInterval(values.Average(), means[ResampleCount / 40], means[ResampleCount - 1 - (ResampleCount / 40)]);
    }
}
