namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Equal steps for Gaussian values of variance 1, by the number of bits.</summary>
/// <remarks>Source: Max, Quantizing for Minimum Distortion, IRE Transactions on Information Theory 6(1), 1960, table II; 6 to 8 bits by the
/// same minimisation.</remarks>
internal static class GaussianSteps
{
    private static readonly double[] Steps = [0, 1.596, 0.9957, 0.5860, 0.3352, 0.1881, 0.1041, 0.0569, 0.0308];
    private static readonly double[] Errors = [1, 0.3634, 0.1188, 0.03744, 0.01154, 0.003495, 0.001040, 0.000304, 0.0000877];

    /// <summary>The best step, in standard deviations.</summary>
    public static double Get(int bits) => Steps[bits];

    /// <summary>The mean squared error that it leaves.</summary>
    public static double GetError(int bits) => Errors[bits];
}
