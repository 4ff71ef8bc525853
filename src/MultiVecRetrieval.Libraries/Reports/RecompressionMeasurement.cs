namespace MultiVecRetrieval;

/// <summary>What a change of pictures does to their vectors in one space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Change">The change: <c>none</c>, the control, <c>JPEG 95</c>, ..., <c>half size</c>.</param>
/// <param name="PictureCount">Pictures that have rows before and after it.</param>
/// <param name="MeanSimilarity">Mean similarity of the new rows and the stored ones, at most 1: of one row the cosine, of few the cosine
/// of their sums, of many the mean of the best cosine of each row of both.</param>
/// <param name="LowSimilarity">The similarity below which a twentieth lies.</param>
/// <param name="LeastSimilarity">The least.</param>
/// <param name="FirstShare">The share of pictures whose own entry comes first in a search by the new rows, in [0, 1]; an exact copy of it
/// counts as itself.</param>
public sealed record RecompressionMeasurement(
    string Space, string Change, int PictureCount, double MeanSimilarity, double LowSimilarity, double LeastSimilarity, double FirstShare);
