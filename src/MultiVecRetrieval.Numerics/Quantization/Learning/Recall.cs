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
        double[] means = ResampledMeans.Draw(values, ResampleCount, seed: 1);
        return new RecallInterval(values.Average(), means[ResampleCount / 40], means[ResampleCount - 1 - (ResampleCount / 40)]);
    }
}
