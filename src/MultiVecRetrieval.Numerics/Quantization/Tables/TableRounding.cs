namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Rounds the tables of a query row to bytes, so that a row's similarity is one integer sum.</summary>
/// <param name="Step">What one unit of a sum is worth.</param>
/// <param name="Offset">What a sum of 0 is worth.</param>
/// <param name="Error">The farthest a similarity from rounded tables is from one of the tables themselves.</param>
internal readonly record struct TableRounding(double Step, double Offset, double Error)
{
    // What a 16-bit lane holds, less half a unit of rounding for each of up to 1,024 tables.
    private const double LargestSum = ushort.MaxValue - 512;

    /// <summary>The most tables of a row.</summary>
    public const int MaxTableCount = 1_000;

    /// <summary>Rounds the tables of one query row.</summary>
    /// <param name="tables">What each code is worth, [tables × codeCount].</param>
    /// <param name="codeCount">Codes of a table.</param>
    /// <param name="largestValue">The largest rounded value of a table, up to 255.</param>
    /// <param name="roundedTables">Takes the rounded tables, in the same order.</param>
    /// <remarks>
    /// All tables share one step, or a sum could not be taken in integers; each has its own smallest value, and those add up to the offset.
    /// The step lets the widest table reach <paramref name="largestValue"/> and no sum leave 16 bits. Computed in float64, hence everywhere
    /// alike.
    /// </remarks>
    public static TableRounding Round(ReadOnlySpan<double> tables, int codeCount, int largestValue, Span<byte> roundedTables)
    {
        (double smallestSum, double rangeSum, double widest) = Measure(tables, codeCount);
        double step = Math.Max(widest / largestValue, rangeSum / LargestSum);
        step = step > 0 ? step : 1;
        Round(tables, codeCount, largestValue, step, roundedTables);

        // Half a unit each, and a little for the float64 arithmetic.
        return new TableRounding(step, smallestSum, tables.Length / codeCount * 0.5 * (1 + 1e-6) * step);
    }

    private static void Round(ReadOnlySpan<double> tables, int codeCount, int largestValue, double step, Span<byte> roundedTables)
    {
        for (int first = 0; first < tables.Length; first += codeCount)
        {
            ReadOnlySpan<double> table = tables.Slice(first, codeCount);
            (double smallest, _) = GetRange(table);
            for (int code = 0; code < codeCount; code++)
            {
                roundedTables[first + code] = (byte)Math.Min(Math.Round((table[code] - smallest) / step), largestValue);
            }
        }
    }

    private static (double SmallestSum, double RangeSum, double Widest) Measure(ReadOnlySpan<double> tables, int codeCount)
    {
        double smallestSum = 0;
        double rangeSum = 0;
        double widest = 0;
        for (int first = 0; first < tables.Length; first += codeCount)
        {
            (double smallest, double range) = GetRange(tables.Slice(first, codeCount));
            smallestSum += smallest;
            rangeSum += range;
            widest = Math.Max(widest, range);
        }

        return (smallestSum, rangeSum, widest);
    }

    private static (double Smallest, double Range) GetRange(ReadOnlySpan<double> values)
    {
        double smallest = values[0];
        double largest = smallest;
        foreach (double value in values)
        {
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }

        return (smallest, largest - smallest);
    }
}
