namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>What finds two entries similar.</summary>
/// <param name="Similarity">How similar they are, at most 1.</param>
/// <param name="Margin">How far that is above the threshold, as a share of what is left to 1; negative below it.</param>
/// <param name="Source">What finds them so.</param>
internal readonly record struct CopyFinding(double Similarity, double Margin, string Source)
{
    // Two rows of length 1 have an inner product of 1 but for rounding.
    private const double Rounding = 1e-4;

    public static CopyFinding None => new(double.NegativeInfinity, double.NegativeInfinity, "");

    public static CopyFinding Of(double similarity, double threshold, string source) =>
        new(Math.Min(1, similarity), (similarity - threshold + Rounding) / (1 - threshold + Rounding), source);

    public CopyFinding Better(CopyFinding other) => other.Margin > Margin ? other : this;
}
