namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Where a tile of rows keeps what it found: [4][6 rows][16 lanes].</summary>
internal static class CentroidScratch
{
    /// <summary>Rows of a tile at most.</summary>
    public const int MaxHeight = 6;

    /// <summary>Values from one part to the next.</summary>
    public const int PartLength = MaxHeight * PackedRows.BlockRowCount;

    /// <summary>Values of a scratch.</summary>
    public const int Length = 4 * PartLength;
}
