namespace MultiVecRetrieval;

/// <summary>What recompression and scaling do to the vectors of a collection's pictures.</summary>
public sealed record RecompressionReport
{
    /// <summary>Pictures that were encoded anew.</summary>
    public required int PictureCount { get; init; }

    /// <summary>A measurement for each space and change.</summary>
    public required IReadOnlyList<RecompressionMeasurement> Measurements { get; init; }

    /// <summary>What could not be done, for people.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
