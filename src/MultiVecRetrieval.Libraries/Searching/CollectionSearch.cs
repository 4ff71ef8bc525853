using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Tuning;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Which generation of a collection a question is asked, and what is written down of it.</summary>
internal sealed class CollectionSearch(
    OpenCollections collections, SnapshotShelf snapshots, QuerySearch search, LibraryOptions options)
{
    /// <summary>Answers from the newest generation, or from the one that the query names.</summary>
    public SearchResult Search(LibraryQuery query, CancellationToken cancellationToken)
    {
        Collection collection = collections.Get(query.Collection);
        SearchResult result = query.Snapshot is { } kept
            ? snapshots.Read(query.Collection, kept, snapshot => search.Search(snapshot, query, cancellationToken)) with
            {
                Snapshot = kept,
            }
            : SearchNewest(collection, query, cancellationToken);
        if (!options.LogQueries || options.ReadOnly || string.IsNullOrWhiteSpace(query.Text))
        {
            return result;
        }

        try
        {
            new QueryLog(collection.Folder).Add(query.Text);
            return result;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return result with { Notices = [.. result.Notices, $"The query could not be logged (setting logQueries): {error.Message}"] };
        }
    }

    private SearchResult SearchNewest(Collection collection, LibraryQuery query, CancellationToken cancellationToken)
    {
        Snapshot snapshot = collection.OpenSnapshot();
        bool isKept = false;
        try
        {
            SearchResult result = search.Search(snapshot, query, cancellationToken);
            if (!query.KeepsSnapshot)
            {
                return result;
            }

            string id = snapshots.Keep(query.Collection, snapshot);
            isKept = true;
            return result with { Snapshot = id };
        }
        finally
        {
            if (!isKept)
            {
                snapshot.Dispose();
            }
        }
    }
}
