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

    /// <summary>The scale of a row whose sum of table values counts once; scales are at most 255.</summary>
    public const int ScaleUnit = 1 << ScaleShift;

    /// <summary>The binary logarithm of <see cref="ScaleUnit"/>.</summary>
    public const int ScaleShift = 8;

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

    /// <summary>
    /// Rounds the tables of one query row for 4-bit codes and entry rows that have a scale c and a base: base + ((sum - zero) · c + 128) /
    /// 256, rounded down.
    /// </summary>
    /// <param name="tables">What each code is worth in a row of the scale <see cref="ScaleUnit"/>, [tables × 16].</param>
    /// <param name="bases">What each centroid is worth, at least one.</param>
    /// <param name="roundedTables">Takes the rounded tables, in the same order.</param>
    /// <param name="roundedBases">Takes the rounded bases; they are raised by the zero, so that no total is negative.</param>
    /// <param name="zero">Takes the sum that is worth nothing; between -65,535 and 65,535.</param>
    /// <remarks>
    /// Kernels add codes k and k + 4 of a group of eight in a byte. So it is the ranges of two tables together that a byte must hold: a
    /// wide table beside a narrow one has nearly all of it.
    /// </remarks>
    public static TableRounding RoundScaled(
        ReadOnlySpan<double> tables, ReadOnlySpan<float> bases, Span<byte> roundedTables, Span<ushort> roundedBases, out int zero)
    {
        const int codeCount = NibbleLayout.CodeCount;
        (double smallestSum, double rangeSum, _) = Measure(tables, codeCount);
        (double smallestBase, double baseRange) = GetRange(bases);
        double widest = GetWidestPair(tables);
        double below = Math.Max(0, -smallestSum);

        // Each of the two may be rounded up by half a unit.
        double step = Math.Max(
            widest / (byte.MaxValue - 1), Math.Max(rangeSum, Math.Max(Math.Abs(smallestSum), baseRange + below)) / LargestSum);
        step = step > 0 ? step : 1;
        Round(tables, codeCount, byte.MaxValue, step, roundedTables);
        zero = (int)Math.Round(-smallestSum / step);
        int raise = Math.Max(0, zero);
        for (int id = 0; id < bases.Length; id++)
        {
            roundedBases[id] = (ushort)(Math.Round((bases[id] - smallestBase) / step) + raise);
        }

        // Half a unit each: of the tables, the zero, the base and the product with the scale.
        double error = ((tables.Length / codeCount) + 3) * 0.5 * (1 + 1e-6) * step;
        return new TableRounding(step, smallestBase - (raise * step), error);
    }

    private static double GetWidestPair(ReadOnlySpan<double> tables)
    {
        const int half = NibbleLayout.GroupCodeCount / 2;
        int tableCount = tables.Length / NibbleLayout.CodeCount;
        double widest = 0;
        for (int table = 0; table < tableCount; table++)
        {
            if (table % NibbleLayout.GroupCodeCount < half)
            {
                (_, double range) = GetRange(tables.Slice(table * NibbleLayout.CodeCount, NibbleLayout.CodeCount));
                int other = table + half;
                double otherRange = other < tableCount
                    ? GetRange(tables.Slice(other * NibbleLayout.CodeCount, NibbleLayout.CodeCount)).Range
                    : 0;
                widest = Math.Max(widest, range + otherRange);
            }
        }

        return widest;
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

    private static (double Smallest, double Range) GetRange(ReadOnlySpan<float> values)
    {
        float smallest = values[0];
        float largest = smallest;
        foreach (float value in values)
        {
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }

        return (smallest, (double)largest - smallest);
    }
}
