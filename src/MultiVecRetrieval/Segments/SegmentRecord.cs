using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Segments;

/// <summary>A segment file as the catalog lists it.</summary>
internal sealed record SegmentRecord
{
    public required long Id { get; init; }
    public required string SpaceName { get; init; }

    /// <summary>How the file stores rows; the space may want another format for what is written next.</summary>
    public required RowFormat RowFormat { get; init; }

    public required int EntryCount { get; init; }
    public required long RowCount { get; init; }
    public required long SizeInBytes { get; init; }

    /// <summary>The lowest entry id in the file.</summary>
    public required long FirstEntry { get; init; }

    /// <summary>The highest entry id in the file.</summary>
    public required long LastEntry { get; init; }

    /// <summary>Entries with a tombstone.</summary>
    public int DeadEntryCount { get; init; }

    /// <summary>Rows of entries with a tombstone.</summary>
    public long DeadRowCount { get; init; }
}
