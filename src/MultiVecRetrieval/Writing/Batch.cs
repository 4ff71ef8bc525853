using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Writing;

/// <summary>Everything that one commit makes visible.</summary>
internal sealed record Batch
{
    public required IReadOnlyCollection<PendingDocument> Documents { get; init; }

    /// <summary>Keys of documents that go; those of <see cref="Documents"/> are replaced and need not be listed.</summary>
    public required IReadOnlyCollection<string> DeletedKeys { get; init; }

    public required IReadOnlyCollection<SourceFile> Sources { get; init; }

    public required IReadOnlyList<SegmentRecord> Segments { get; init; }

    /// <summary>Entries whose rows may be in <see cref="Segments"/> but that were taken back.</summary>
    public required IReadOnlySet<long> RemovedEntries { get; init; }
}
