namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>What each byte of each channel becomes: rescaled, less the mean, divided by the deviation.</summary>
internal sealed class PixelScale
{
    private readonly float[][] _values;

    // A byte has 256 values, so each is normalised once: rescaled in double, then float32 arithmetic, as the references do.
    public PixelScale(double rescaleFactor, IReadOnlyList<float> mean, IReadOnlyList<float> standardDeviation) =>
        _values = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256)
            .Select(value => ((float)(value * rescaleFactor) - mean[channel]) / standardDeviation[channel]).ToArray())];

    /// <summary>The 256 values of a channel, red first.</summary>
    public float[] this[int channel] => _values[channel];
}
