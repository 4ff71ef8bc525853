namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>What turns the sums of a query row into inner products.</summary>
/// <param name="Offset">Σ ±w = 2·sum - offset.</param>
/// <param name="Scale">What the integer is multiplied by, besides a row's factor.</param>
/// <param name="Constant">Added to every inner product.</param>
/// <param name="Norm">|q - m|, rounded up.</param>
/// <param name="RoundingError">What rounding the query to integers changes, per factor of a row; rounded up.</param>
/// <param name="RoundingPerNorm">What float32 sums are off, per |x|; rounded up.</param>
internal readonly record struct RowEstimate(
    int Offset, float Scale, double Constant, float Norm, float RoundingError, float RoundingPerNorm);
