namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>How near the rows of one side of a model come to those of its reference.</summary>
/// <param name="Name">The side: <c>text</c>, <c>passage</c> or <c>picture</c>.</param>
/// <param name="InputCount">Inputs compared.</param>
/// <param name="RowCount">Rows compared.</param>
/// <param name="Mean">Mean cosine of the rows.</param>
/// <param name="FifthPercentile">The cosine below which 5 % of the rows lie.</param>
/// <param name="Least">The smallest cosine.</param>
public sealed record DriftSide(string Name, int InputCount, int RowCount, double Mean, double FifthPercentile, double Least);
