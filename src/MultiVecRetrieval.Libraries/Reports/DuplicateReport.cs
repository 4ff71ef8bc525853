namespace MultiVecRetrieval;

/// <summary>Copies in a collection: exact ones, pictures and pages that look the same, and what videos share.</summary>
public sealed record DuplicateReport
{
    /// <summary>Documents that were looked at.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>Groups of documents that are made of the same bytes.</summary>
    public required int ExactGroupCount { get; init; }

    /// <summary>Bytes of the exact copies that need not be kept.</summary>
    public required long ExactSizeInBytes { get; init; }

    /// <summary>The exact groups that free most, as many as were asked for.</summary>
    public required IReadOnlyList<DuplicateGroup> Exact { get; init; }

    /// <summary>Groups of pictures, pages and videos that look the same. Of exact copies only the one to keep is among them.</summary>
    public int NearGroupCount { get; init; }

    /// <summary>The near groups, largest first, as many as were asked for.</summary>
    public IReadOnlyList<DuplicateGroup> Near { get; init; } = [];

    /// <summary>Segments that videos share.</summary>
    public int SegmentCount { get; init; }

    /// <summary>The segments, surest first, as many as were asked for.</summary>
    public IReadOnlyList<CopiedSegment> Segments { get; init; } = [];

    /// <summary>What pictures were compared by.</summary>
    public IReadOnlyList<ComparedSpace> ComparedBy { get; init; } = [];

    /// <summary>What could not be done, for people.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
