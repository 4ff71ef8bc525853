namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How pictures are cut into tiles.</summary>
internal sealed record TileOptions
{
    /// <summary>Side of a tile in pixels. In [1, 8192].</summary>
    public required int TileSide { get; init; }

    /// <summary>The longer side of a picture before it is cut, in pixels. In [1, 8192].</summary>
    public required int LongestSide { get; init; }

    /// <summary>False when the whole picture becomes one tile.</summary>
    public required bool Splits { get; init; }

    /// <summary>Image tokens of a tile; a square number.</summary>
    public required int TokensPerTile { get; init; }

    /// <summary>Filter and normalisation.</summary>
    public required PixelScaling Scaling { get; init; }
}
