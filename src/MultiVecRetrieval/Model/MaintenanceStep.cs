namespace MultiVecRetrieval;

/// <summary>A kind of background work.</summary>
public enum MaintenanceStep
{
    /// <summary>Segments are merged, or rewritten in another row format.</summary>
    Merge = 0,

    /// <summary>A tier is trained on a sample of the rows.</summary>
    Train = 1,

    /// <summary>The entries of a segment are encoded.</summary>
    Encode = 2,

    /// <summary>The recall of a tier is measured.</summary>
    Calibrate = 3,

    /// <summary>The recall of a measured tier is looked at again, because the space has grown.</summary>
    Check = 4,
}
