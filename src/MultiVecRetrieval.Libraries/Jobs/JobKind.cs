namespace MultiVecRetrieval;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Indexes files and folders.</summary>
    Index,

    /// <summary>Indexes files that were uploaded.</summary>
    Upload,

    /// <summary>Tries files again that failed.</summary>
    Retry,

    /// <summary>Tries tiers on a space.</summary>
    Tune,

    /// <summary>Lets a new model take the place of an old one.</summary>
    Replace,

    /// <summary>Looks for the values of an attribute.</summary>
    Attribute,
}
