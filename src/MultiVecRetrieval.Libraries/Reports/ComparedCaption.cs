using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>A caption that was compared with its own picture and with others.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Rows">Rows of the caption.</param>
/// <param name="Similarity">With its own picture.</param>
/// <param name="Percentile">Share of others that it fits less.</param>
/// <param name="Mean">Mean similarity with others.</param>
/// <param name="Spread">Its standard deviation; above 0.</param>
internal sealed record ComparedCaption(
    CaptionedPicture Picture, MultiVector Rows, double Similarity, double Percentile, double Mean, double Spread)
{
    public double Deviation => GetDeviation(Similarity);

    public double GetDeviation(double similarity) => (similarity - Mean) / Spread;
}
