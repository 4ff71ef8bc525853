namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The continuous kernels behind <see cref="ResampleFilter"/>, in double precision.</summary>
internal static class ResampleKernel
{
    /// <summary>Half the width of the kernel, in source pixels at scale 1.</summary>
    public static double Support(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        ResampleFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filter has no kernel."),
    };

    /// <summary>The kernel at <paramref name="x"/>; 0 outside its support.</summary>
    public static double Evaluate(ResampleFilter filter, double x) => filter switch
    {
        ResampleFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResampleFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        ResampleFilter.Hamming => Hamming(Math.Abs(x)),
        ResampleFilter.Bicubic => Bicubic(Math.Abs(x)),
        ResampleFilter.Lanczos => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filter has no kernel."),
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    private static double Hamming(double x) => x switch
    {
        0 => 1,
        >= 1 => 0,
        _ => Math.Sin(x * Math.PI) / (x * Math.PI) * (0.54f + (0.46f * Math.Cos(x * Math.PI))),
    };

    private static double Bicubic(double x)
    {
        const double A = -0.5;
        return x switch
        {
            < 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            < 2 => ((((x - 5) * x) + 8) * x - 4) * A,
            _ => 0,
        };
    }
}
