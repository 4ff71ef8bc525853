using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Training;

/// <summary>The share of the answers that were found.</summary>
internal static class Recall
{
    private const int SampleCount = 2_000;

    /// <summary>Of each query, in [0, 1].</summary>
    public static double[] OfEach(int[][] found, int[][] answers) =>
        [.. found.Zip(answers, (ids, wanted) => wanted.Count(ids.Contains) / (double)wanted.Length)];

    /// <summary>The mean and its interval.</summary>
    public static ConfidenceInterval GetInterval(double[] values) => ConfidenceInterval.OfMean(values, SampleCount);
}
