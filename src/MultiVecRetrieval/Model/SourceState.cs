namespace MultiVecRetrieval;

/// <summary>What became of a file that indexing saw.</summary>
public enum SourceState
{
    /// <summary>Seen, not yet read.</summary>
    Pending = 0,

    /// <summary>In the collection.</summary>
    Indexed = 1,

    /// <summary>Could not be read; the reason is kept.</summary>
    Failed = 2,

    /// <summary>Left out on purpose; the reason is kept.</summary>
    Excluded = 3,
}
