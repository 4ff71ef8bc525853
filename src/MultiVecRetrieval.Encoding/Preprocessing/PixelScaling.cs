namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How pixels are resampled and normalised, by a preprocessor file.</summary>
/// <param name="Filter">The interpolation.</param>
/// <param name="RescaleFactor">Factor from a byte to a value.</param>
/// <param name="Mean">Subtracted per channel after rescaling, red first.</param>
/// <param name="StandardDeviation">Divisor per channel, red first.</param>
internal sealed record PixelScaling(
    ResampleFilter Filter, double RescaleFactor, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    public PixelScale CreateScale() => new(RescaleFactor, Mean, StandardDeviation);
}
