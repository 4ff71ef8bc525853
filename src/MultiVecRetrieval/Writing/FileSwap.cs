using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Writing;

/// <summary>Makes files that background work wrote part of the collection, and drops those that they replace, in one catalog
/// transaction.</summary>
internal static class FileSwap
{
    /// <param name="store">The collection.</param>
    /// <param name="newFiles">Names of files that are on the device, but not their folder; deleted when the transaction fails.</param>
    /// <param name="apply">Changes the catalog; returns the names of files that no longer belong to it, new ones among them if need
    /// be.</param>
    public static void Run(CollectionStore store, IReadOnlyList<string> newFiles, Func<SqliteConnection, IEnumerable<string>> apply)
    {
        bool reachedCommit = false;
        void BeforeCommit()
        {
            store.Storage.BeforeCommit();
            reachedCommit = true;
        }

        lock (store.CommitGate)
        {
            List<string> dropped = [];
            try
            {
                if (newFiles.Count > 0)
                {
                    store.Storage.SyncFolder(store.SegmentFolder);
                }

                store.Catalog.Write(
                    connection =>
                    {
                        dropped.AddRange(apply(connection));
                        store.Counters!.Save(connection);
                        CatalogChanges.AdvanceGeneration(connection);
                    },
                    BeforeCommit);
            }
            catch
            {
                // Once COMMIT was tried, only the next open can tell whether the files belong to the collection.
                if (!reachedCommit)
                {
                    Delete(store, newFiles);
                }

                throw;
            }

            store.Pool.Drop(dropped);
            store.Publish();
        }
    }

    /// <summary>Deletes files that no catalog lists.</summary>
    public static void Delete(CollectionStore store, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            File.Delete(Path.Combine(store.SegmentFolder, name));
        }
    }
}
