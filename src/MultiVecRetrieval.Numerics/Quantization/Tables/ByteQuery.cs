namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>The rounded tables of a query for codes of 8 bits.</summary>
/// <remarks>
/// Panels of 32 query rows, [tables][256 codes][32 rows]: one load fetches what a code is worth for every row of the panel. A query of one
/// row has [tables][256].
/// </remarks>
internal sealed class ByteQuery
{
    /// <summary>Values of a code.</summary>
    public const int CodeCount = 256;

    /// <summary>The most query rows of a panel.</summary>
    public const int PanelRowCount = 32;

    /// <summary>The largest table value: two of them fit a byte.</summary>
    private const int LargestValue = 127;

    private readonly byte[] _tables;
    private readonly TableRounding[] _roundings;
    private readonly int _tableCount;

    /// <summary>Makes room for a query.</summary>
    public ByteQuery(int rowCount, int tableCount)
    {
        _tableCount = tableCount;
        _roundings = new TableRounding[rowCount];
        Stride = rowCount == 1 ? 1 : PanelRowCount;
        _tables = new byte[checked(PanelCount * GetPanelLength())];
    }

    /// <summary>Panels of up to 32 query rows.</summary>
    public int PanelCount => (_roundings.Length + PanelRowCount - 1) / PanelRowCount;

    /// <summary>Bytes of a code, 32 or 1.</summary>
    public int Stride { get; }

    /// <summary>What sums are worth, per query row.</summary>
    public ReadOnlySpan<TableRounding> Roundings => _roundings;

    /// <summary>The tables of a panel.</summary>
    public ReadOnlySpan<byte> GetPanel(int panel) => _tables.AsSpan(panel * GetPanelLength(), GetPanelLength());

    /// <summary>Rounds and lays out the tables of a query row.</summary>
    /// <param name="row">The query row.</param>
    /// <param name="tables">What each code is worth, [tables × 256].</param>
    public void Set(int row, ReadOnlySpan<double> tables)
    {
        byte[] rounded = new byte[tables.Length];
        _roundings[row] = TableRounding.Round(tables, CodeCount, LargestValue, rounded);
        Span<byte> panel = _tables.AsSpan(row / PanelRowCount * GetPanelLength(), GetPanelLength());
        for (int i = 0; i < rounded.Length; i++)
        {
            panel[(i * Stride) + (row % PanelRowCount)] = rounded[i];
        }
    }

    private int GetPanelLength() => _tableCount * CodeCount * Stride;
}
