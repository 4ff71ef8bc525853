namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>How a query row meets Int8 rows: as signed bytes, one scale, and an offset that makes the stored codes unsigned.</summary>
/// <remarks>
/// <para>VPMADDUBSW multiplies unsigned with signed bytes and adds two neighbours in int16 with saturation. A stored code c is made
/// unsigned as u = c + 128, at most 255, and Σ u q - 128 Σ q is the wanted sum. Neighbouring query codes satisfy |a| + |b| ≤ 128: the
/// scale maps the largest |a| + |b| to 127 and rounding adds at most ½ twice. So a pair of products is at most 255 · 128 = 32,640 and
/// never saturates.</para>
/// <para>Four products are at most 65,280; over d = 65,536 values an int32 sum stays below 2³⁰ and the offset as well. The sums are
/// exact, hence equal at every instruction set.</para>
/// </remarks>
internal static class Int8Query
{
    /// <summary>Bytes of a query row in a step of four values; also of its offset, which follows the last step.</summary>
    public const int StepSize = 4;

    /// <summary>What is added to a stored code to make it unsigned.</summary>
    public const int CodeOffset = 128;

    /// <summary>What the largest |a| + |b| of two neighbours becomes before it is rounded.</summary>
    public const int MaxPairCode = 127;

    /// <summary>Writes the codes of <paramref name="row"/> and returns the scale; a value is code × scale.</summary>
    public static double Quantize(ReadOnlySpan<float> row, Span<sbyte> codes)
    {
        double scale = GetScale(row);
        for (int k = 0; k < row.Length; k++)
        {
            codes[k] = (sbyte)(scale > 0 ? Math.Round(row[k] / scale) : 0);
        }

        return scale;
    }

    /// <summary>The step between neighbouring query codes; 0 for a row of zeros.</summary>
    public static double GetScale(ReadOnlySpan<float> row)
    {
        double largest = 0;
        for (int k = 0; k < row.Length; k += 2)
        {
            double second = k + 1 < row.Length ? Math.Abs((double)row[k + 1]) : 0;
            largest = Math.Max(largest, Math.Abs((double)row[k]) + second);
        }

        return largest / MaxPairCode;
    }

    /// <summary>What a sum over unsigned codes is too large by.</summary>
    public static int GetOffset(ReadOnlySpan<sbyte> codes)
    {
        int sum = 0;
        foreach (sbyte code in codes)
        {
            sum += code;
        }

        return sum * CodeOffset;
    }
}
