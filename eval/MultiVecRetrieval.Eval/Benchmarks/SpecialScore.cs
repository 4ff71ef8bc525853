namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>A score of a run with what it is the mean of.</summary>
/// <param name="Name">What the benchmark calls it.</param>
/// <param name="Values">Its value by query, or by whatever it is a mean of.</param>
internal sealed record SpecialScore(string Name, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The mean of the values; 0 without any.</summary>
    public double Mean => Values.Count == 0 ? 0 : Values.Values.Average();

    /// <summary>True where the values are ranks, of which the middle one is shown too, and lower ones are better.</summary>
    public bool IsRank => Name == "rank" || Name.EndsWith(" rank", StringComparison.Ordinal);

    /// <summary>The middle value; the mean of the two in the middle of an even number. 0 without any.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. Values.Values.Order()];
            return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
