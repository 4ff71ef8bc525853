namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>A section of a text that waits to be encoded.</summary>
internal sealed class SectionJob : EncodeJob
{
    public required TextLayer Text { get; init; }

    public override void Encode(CancellationToken cancellationToken)
    {
        try
        {
            Document.DeliverPassages(
                EntryIndex, Part, passages => passages.EncodeSection(Text, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Document.Abandon();
        }
    }
}
