using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>How a query row meets Int8 rows: as int16 codes and one scale, so that the stored codes are the only coarse side.</summary>
/// <remarks>
/// |Σ_k q_k d_k| ≤ d · 127 · Q must stay below 2³¹, so the largest query code is Q = min(32767, ⌊(2³¹ - 1) / (127 d)⌋): 32,767 up to
/// d = 516, 22,017 at d = 768, 258 at d = 65,536. A pair of products that VPMADDWD adds is at most 2 · 127 · 32,767 and cannot
/// overflow either. The sums are exact, hence equal at every instruction set.
/// </remarks>
internal static class Int8Query
{
    /// <summary>Bytes of a query row in a step of four values: the even two, then the odd two, as int16.</summary>
    public const int StepSize = 4 * sizeof(short);

    /// <summary>Where the code of value 0 to 3 of a step stands: 0 and 2 are the even pair, 1 and 3 the odd pair.</summary>
    public static int GetPosition(int value) => (value / 2) + ((value % 2) * 2);

    /// <summary>The largest magnitude of a query code.</summary>
    public static int GetMaxCode(int dimension) => Math.Min(short.MaxValue, int.MaxValue / (PackedRows.Int8MaxCode * dimension));

    /// <summary>Writes the codes of <paramref name="row"/> and returns the scale; a value is code × scale.</summary>
    public static double Quantize(ReadOnlySpan<float> row, Span<short> codes)
    {
        int maxCode = GetMaxCode(row.Length);
        double scale = (double)MathF.Abs(TensorPrimitives.MaxMagnitude(row)) / maxCode;
        for (int k = 0; k < row.Length; k++)
        {
            codes[k] = (short)(scale > 0 ? Math.Round(row[k] / scale) : 0);
        }

        return scale;
    }
}
