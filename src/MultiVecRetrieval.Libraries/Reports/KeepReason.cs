namespace MultiVecRetrieval;

/// <summary>Why one of several copies is the one to keep: the first of these in which it is ahead of all others.</summary>
public enum KeepReason
{
    /// <summary>It has the most pixels.</summary>
    Resolution,

    /// <summary>Of as many pixels its format loses nothing.</summary>
    Lossless,

    /// <summary>Of as many pixels it has the most bytes, so it is compressed least.</summary>
    LeastCompressed,

    /// <summary>Its file was changed least lately.</summary>
    Oldest,

    /// <summary>Its path is the shortest; of equally long ones the first by name.</summary>
    ShortestPath,
}
