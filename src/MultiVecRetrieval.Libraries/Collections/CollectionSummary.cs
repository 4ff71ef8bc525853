namespace MultiVecRetrieval;

/// <summary>A collection at a glance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Statistics">Documents, entries, rows and bytes.</param>
/// <param name="Sources">Files seen, and what became of them.</param>
/// <param name="Spaces">Its vector spaces.</param>
/// <param name="Roots">Absolute folders that were indexed, in order.</param>
/// <param name="IsWritable">False when another process was writing it as it was opened, or its folder may not be written.</param>
public sealed record CollectionSummary(
    string Name, CollectionStatistics Statistics, SourceCounts Sources, IReadOnlyList<Space> Spaces, IReadOnlyList<string> Roots,
    bool IsWritable)
{
    /// <summary>Pages and pictures whose text is still to be recognised.</summary>
    public int PagesAwaitingText { get; init; }

    /// <summary>Office documents whose pages are still to be drawn.</summary>
    public int DocumentsAwaitingPages { get; init; }
}
