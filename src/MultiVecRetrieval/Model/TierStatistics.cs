namespace MultiVecRetrieval;

/// <summary>A tier of a space and how far it is.</summary>
public sealed record TierStatistics
{
    /// <summary>The codec as people write it, for instance <c>bits:2</c>.</summary>
    public required string Spec { get; init; }

    /// <summary>True when its parameters were found; before, searches do not use it.</summary>
    public required bool IsTrained { get; init; }

    /// <summary>Bytes of its files of codes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>Bytes of its parameters.</summary>
    public required long ParametersSizeInBytes { get; init; }

    /// <summary>Bytes of codes per encoded entry; 0 when none is encoded.</summary>
    public required double BytesPerEntry { get; init; }

    /// <summary>Entries in files of codes, deleted ones of those segments included.</summary>
    public required long EncodedEntryCount { get; init; }

    /// <summary>Segments without a sound file of codes; they are scanned exactly.</summary>
    public required int MissingFileCount { get; init; }

    /// <summary>True when its upper bounds can prove the hits of an exact search.</summary>
    public required bool HasUpperBounds { get; init; }

    /// <summary>What was measured; null before that.</summary>
    public required TierCalibration? Calibration { get; init; }

    /// <summary>What is wrong; null when nothing is known to be.</summary>
    public required string? Problem { get; init; }
}
