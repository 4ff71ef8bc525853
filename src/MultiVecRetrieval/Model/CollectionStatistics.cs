namespace MultiVecRetrieval;

/// <summary>What a collection holds.</summary>
/// <param name="DocumentCount">Documents.</param>
/// <param name="EntryCount">Entries.</param>
/// <param name="SegmentCount">Segment files in use.</param>
/// <param name="SizeInBytes">Bytes of the catalog and the files in use.</param>
/// <param name="EntriesByType">Entries of each media type that occurs.</param>
/// <param name="RowsBySpace">Rows of live entries by space name.</param>
public sealed record CollectionStatistics(
    long DocumentCount,
    long EntryCount,
    long SegmentCount,
    long SizeInBytes,
    IReadOnlyDictionary<MediaType, long> EntriesByType,
    IReadOnlyDictionary<string, long> RowsBySpace)
{
    /// <summary>What the files of each space take.</summary>
    public IReadOnlyList<SpaceStatistics> Spaces { get; init; } = [];

    /// <summary>Why the last background work of this process failed; null when it did not, or this process does not write.</summary>
    public string? BackgroundProblem { get; init; }
}
