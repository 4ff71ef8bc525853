using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Error bounds in a byte: 16 steps per power of two, always rounded up.</summary>
internal static class ErrorSteps
{
    /// <summary>The code of a bound that is too large for the others.</summary>
    public const byte Infinite = byte.MaxValue;

    // The code of 1.
    private const int One = 200;

    private static readonly float[] Values =
        [.. Enumerable.Range(0, Infinite).Select(code => Rounding.Up(Math.Pow(2, (code - One) / 16.0))), float.PositiveInfinity];

    /// <summary>The value of a code.</summary>
    public static float GetValue(byte code) => Values[code];

    /// <summary>The code of the least value that is not below <paramref name="bound"/>.</summary>
    public static byte GetCode(double bound)
    {
        int index = Array.BinarySearch(Values, Rounding.Up(bound));
        return (byte)Math.Min(Infinite, index < 0 ? ~index : index);
    }
}
