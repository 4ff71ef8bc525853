namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Per query row the codes by descending similarity: the value of a set of codes is that of its first code in this
/// order.</summary>
internal sealed class RankedTable
{
    /// <summary>Orders have whole runs of this many codes.</summary>
    public const int StepRun = 8;

    /// <summary>Values of a row: rank r, similarity r; beyond the codes, zero.</summary>
    public const int RowLength = SlicedSets.MaxCodeCount;

    private readonly byte[] _orders;

    /// <summary>Ranks a table.</summary>
    /// <param name="table">Similarities without NaN, [query rows × codes].</param>
    /// <param name="codeCount">1 to 256.</param>
    public RankedTable(ReadOnlySpan<float> table, int codeCount)
    {
        CodeCount = codeCount;
        QueryRowCount = table.Length / codeCount;
        StepCount = (codeCount + StepRun - 1) / StepRun * StepRun;
        _orders = new byte[QueryRowCount * StepCount];
        Values = new float[QueryRowCount * RowLength];
        float[] negated = new float[codeCount];
        byte[] codes = new byte[codeCount];
        for (int row = 0; row < QueryRowCount; row++)
        {
            ReadOnlySpan<float> similarities = table.Slice(row * codeCount, codeCount);
            for (int code = 0; code < codeCount; code++)
            {
                negated[code] = -similarities[code];
                codes[code] = (byte)code;
            }

            Array.Sort(negated, codes);
            Span<byte> order = _orders.AsSpan(row * StepCount, StepCount);

            // What fills the last run has been met before, so that it matches nothing any more.
            order.Fill(codes[0]);
            codes.CopyTo(order);
            for (int rank = 0; rank < codeCount; rank++)
            {
                Values[(row * RowLength) + rank] = -negated[rank];
            }
        }
    }

    /// <summary>K.</summary>
    public int CodeCount { get; }

    /// <summary>The number of query rows.</summary>
    public int QueryRowCount { get; }

    /// <summary>Codes of an order with its filling.</summary>
    public int StepCount { get; }

    /// <summary>[query rows × 256] similarities by rank.</summary>
    public float[] Values { get; }

    /// <summary>The codes of a query row, the most similar first.</summary>
    public ReadOnlySpan<byte> GetOrder(int row) => _orders.AsSpan(row * StepCount, StepCount);
}
