using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>The newest generation at each call.</summary>
internal sealed class NewestGeneration(CollectionStore store) : IGeneration
{
    public string CatalogPath => store.Catalog.Path;

    public T Read<T>(Func<SqliteConnection, T> read) => store.Catalog.Read(read);

    public T Read<T>(Func<SqliteConnection, SegmentSet, T> read)
    {
        using Snapshot snapshot = new(store);
        return snapshot.Read(read);
    }
}
