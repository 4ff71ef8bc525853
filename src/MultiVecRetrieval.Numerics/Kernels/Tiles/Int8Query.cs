namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>How a query row meets Int8 rows: as signed bytes, one scale, and an offset that makes the stored codes unsigned.</summary>
/// <remarks>
/// <para>VPMADDUBSW multiplies unsigned with signed bytes and adds two neighbours in int16 with saturation. A stored code c is made
/// unsigned as u = c + 128, at most 255, and Σ u q - 128 Σ q is the wanted sum. A block kernel adds two such sums, of values k, k + 1,
/// k + 4 and k + 5, in int16 before it widens them. So of these four query codes the positive ones add up to at most 128, and the
/// negative ones to at least -128: the scale maps the largest of those sums to 126 and rounding adds at most ½ four times. Any part of
/// the four products then is at most 255 · 128 = 32,640 in magnitude: nothing saturates, nothing overflows.</para>
/// <para>Eight products are at most 65,280; over d = 65,536 values an int32 sum stays below 2³⁰ and the offset as well. The sums are
/// exact, hence equal at every instruction set.</para>
/// <para>What the bound costs: the step between codes is at most four times max|q| / 126, and of Gaussian rows of d = 128 about 1.8 times
/// it. The rounding of the query adds an error of about step · |d_j| / √12 to a similarity.</para>
/// </remarks>
internal static class Int8Query
{
    /// <summary>Values of a query row in a step.</summary>
    public const int StepLength = 2 * PackedRows.Int8GroupSize;

    /// <summary>Bytes of a query row in a step; its offset takes as much, after the last step.</summary>
    public const int StepSize = StepLength;

    /// <summary>What is added to a stored code to make it unsigned.</summary>
    public const int CodeOffset = 128;

    /// <summary>What the largest sum of codes of one sign that meet in an int16 becomes before they are rounded.</summary>
    public const int MaxSumOfCodes = 126;

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
        for (int step = 0; step < row.Length; step += StepLength)
        {
            for (int k = step; k < Math.Min(step + PackedRows.Int8GroupSize, row.Length); k += 2)
            {
                double positive = 0;
                double negative = 0;
                Add(row, k);
                Add(row, k + 1);
                Add(row, k + PackedRows.Int8GroupSize);
                Add(row, k + PackedRows.Int8GroupSize + 1);
                largest = Math.Max(largest, Math.Max(positive, negative));

                void Add(ReadOnlySpan<float> values, int index)
                {
                    double value = index < values.Length ? values[index] : 0;
                    positive += Math.Max(value, 0);
                    negative += Math.Max(-value, 0);
                }
            }
        }

        return largest / MaxSumOfCodes;
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
