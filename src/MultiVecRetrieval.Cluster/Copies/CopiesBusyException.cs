namespace MultiVecRetrieval.Cluster;

/// <summary>A store of copies is at something that must not happen at the same time.</summary>
/// <param name="address">The store.</param>
/// <param name="reason">At what.</param>
/// <param name="mark">The object that says so.</param>
public sealed class CopiesBusyException(string address, string reason, string mark)
    : InvalidOperationException($"{address} is busy: {reason} ('{mark}' says so, until it is a day old).")
{
    /// <summary>The object that says so.</summary>
    public string Mark { get; } = mark;
}
