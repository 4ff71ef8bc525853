using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>The ledger of a collection: every file that indexing saw, and what became of it. Thread-safe.</summary>
public sealed class CollectionSources
{
    private readonly SqliteCatalog _catalog;

    internal CollectionSources(SqliteCatalog catalog) => _catalog = catalog;

    /// <summary>What became of a file; null when it was never seen.</summary>
    public SourceFile? Get(string root, string path) => _catalog.Read(connection => SourceLedger.Get(connection, root, path));

    /// <summary>Files of the ledger, by root and path.</summary>
    public IReadOnlyList<SourceFile> List(SourceState? state = null, string? root = null, int limit = int.MaxValue) =>
        _catalog.Read(connection => SourceLedger.List(connection, state, root, limit));

    /// <summary>Files of the ledger, counted.</summary>
    public SourceCounts Count() => _catalog.Read(SourceLedger.Count);

    /// <summary>Adds files to the ledger or replaces what it says of them, all together.</summary>
    public void Save(IReadOnlyList<SourceFile> sources) => _catalog.Write(connection =>
    {
        foreach (SourceFile source in sources)
        {
            SourceLedger.Save(connection, source);
        }
    });

    /// <summary>Says that a folder lies elsewhere now: files of the ledger and of documents below it keep their keys under the new
    /// path.</summary>
    /// <param name="from">The absolute path that the folder had.</param>
    /// <param name="to">The absolute path that it has.</param>
    public void MoveRoot(string from, string to) => _catalog.Write(connection =>
    {
        SourceLedger.MoveRoot(connection, from, to);
        CatalogChanges.MoveSources(connection, from, to);
    });

    /// <summary>Takes files out of the ledger, all together; their documents stay.</summary>
    public void Remove(IReadOnlyList<SourceKey> sources) => _catalog.Write(connection =>
    {
        foreach ((string root, string path) in sources)
        {
            SourceLedger.Remove(connection, root, path);
        }
    });
}
