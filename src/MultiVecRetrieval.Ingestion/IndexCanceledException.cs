namespace MultiVecRetrieval;

/// <summary>A run of indexing was cancelled; what was complete by then is in the collection, and the next run goes on from there.</summary>
/// <param name="report">What the run did until then.</param>
/// <param name="cancellationToken">The token that was cancelled.</param>
public sealed class IndexCanceledException(IndexReport report, CancellationToken cancellationToken)
    : OperationCanceledException("The run was cancelled; what was complete is kept.", cancellationToken)
{
    /// <summary>What the run did until it was cancelled; what it left is counted as pending.</summary>
    public IndexReport Report { get; } = report;
}
