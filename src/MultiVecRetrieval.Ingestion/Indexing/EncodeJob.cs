namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Something decoded that waits to be encoded by whichever worker has nothing else to do.</summary>
internal abstract class EncodeJob
{
    public required DocumentWork Document { get; init; }

    public required int EntryIndex { get; init; }

    /// <summary>Order among the parts of the entry.</summary>
    public required int Part { get; init; }

    /// <summary>Encodes it for every space and delivers the rows. A failure is the entry's, not the run's.</summary>
    public abstract void Encode(CancellationToken cancellationToken);
}
