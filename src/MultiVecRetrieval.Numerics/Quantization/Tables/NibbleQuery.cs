using System.Diagnostics;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>The rounded tables of a query in the order in which the kernels read them.</summary>
/// <remarks>
/// Panels of up to 64 query rows, in each tiles of rows that a kernel takes at once, [groups][row][8 tables][16], and one step more, which
/// a kernel's reference comes to after the last group and which nothing reads.
/// </remarks>
internal sealed class NibbleQuery
{
    private const int TablesOfGroup = NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;

    private readonly byte[] _tables;
    private readonly TableRounding[] _roundings;
    private readonly int _stepCount;
    private readonly int _tableCount;
    private readonly int _tileHeight;

    /// <summary>Makes room for a query.</summary>
    /// <param name="rowCount">Query rows.</param>
    /// <param name="tableCount">Codes of an entry row.</param>
    /// <param name="maxTileHeight">The most query rows that a kernel takes at once.</param>
    public NibbleQuery(int rowCount, int tableCount, int maxTileHeight)
    {
        RowCount = rowCount;
        _tableCount = tableCount;

        // Tiles of equal height or a little less, none above what the kernel takes.
        int panelRowCount = Math.Min(rowCount, NibbleLayout.PanelRowCount);
        int tileCount = (panelRowCount + maxTileHeight - 1) / maxTileHeight;
        _tileHeight = (panelRowCount + tileCount - 1) / tileCount;
        _stepCount = NibbleLayout.GetGroupCount(tableCount);
        _tables = new byte[checked(rowCount * (_stepCount + 1) * TablesOfGroup)];
        _roundings = new TableRounding[rowCount];
    }

    /// <summary>Query rows.</summary>
    public int RowCount { get; }

    /// <summary>Panels of up to 64 query rows.</summary>
    public int PanelCount => (RowCount + NibbleLayout.PanelRowCount - 1) / NibbleLayout.PanelRowCount;

    /// <summary>What sums are worth, per query row.</summary>
    public ReadOnlySpan<TableRounding> Roundings => _roundings;

    /// <summary>Rounds and lays out the tables of a query row.</summary>
    /// <param name="row">The query row.</param>
    /// <param name="tables">What each code is worth, [tables × 16].</param>
    public void Set(int row, ReadOnlySpan<double> tables)
    {
        Debug.Assert(tables.Length == _tableCount * NibbleLayout.CodeCount, "As many as there are codes.");
        byte[] rounded = new byte[_stepCount * TablesOfGroup];
        _roundings[row] = TableRounding.Round(tables, NibbleLayout.CodeCount, 127, rounded);
        int panel = row / NibbleLayout.PanelRowCount;
        int rowOfPanel = row % NibbleLayout.PanelRowCount;
        (int firstRow, int height) = GetTile(panel, rowOfPanel / _tileHeight);
        Span<byte> tile = GetTables(firstRow);
        for (int step = 0; step < _stepCount; step++)
        {
            rounded.AsSpan(step * TablesOfGroup, TablesOfGroup).CopyTo(tile[(((step * height) + row - firstRow) * TablesOfGroup)..]);
        }
    }

    /// <summary>The first query row of a tile and the number of its rows; 0 when the panel has no such tile.</summary>
    public (int FirstRow, int Height) GetTile(int panel, int tile)
    {
        int end = Math.Min(RowCount, (panel + 1) * NibbleLayout.PanelRowCount);
        int firstRow = (panel * NibbleLayout.PanelRowCount) + (tile * _tileHeight);
        return (firstRow, Math.Clamp(end - firstRow, 0, _tileHeight));
    }

    /// <summary>The tables of the tile that begins at <paramref name="firstRow"/>.</summary>
    public Span<byte> GetTables(int firstRow) => _tables.AsSpan(firstRow * (_stepCount + 1) * TablesOfGroup);
}
