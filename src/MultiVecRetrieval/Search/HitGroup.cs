using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval.Search;

/// <summary>What becomes one hit: an entry, with others of its document where hits are grouped.</summary>
/// <param name="Best">The entry that ranks first.</param>
/// <param name="Others">Entries of the same document that rank behind it, best first.</param>
internal sealed record HitGroup(ScoredEntry Best, IReadOnlyList<ScoredEntry> Others)
{
    /// <summary>Every entry by itself.</summary>
    public static List<HitGroup> OfEntries(List<ScoredEntry> ranked) => [.. ranked.Select(entry => new HitGroup(entry, []))];

    /// <summary>Gathers a ranking by document, in the order of each document's best entry.</summary>
    /// <param name="connection">Where documents are looked up.</param>
    /// <param name="ranked">Entries, best first.</param>
    /// <param name="size">Entries of a document at most.</param>
    public static List<HitGroup> OfDocuments(SqliteConnection connection, List<ScoredEntry> ranked, int size)
    {
        Dictionary<long, long> documents = CatalogQueries.GetDocumentIds(connection, ranked.Select(entry => entry.EntryId));
        Dictionary<long, List<ScoredEntry>> entriesOfDocument = [];
        foreach (ScoredEntry entry in ranked)
        {
            // An entry without a record is a group that loading will report.
            long document = documents.GetValueOrDefault(entry.EntryId, -entry.EntryId);
            if (!entriesOfDocument.TryGetValue(document, out List<ScoredEntry>? entries))
            {
                entriesOfDocument.Add(document, [entry]);
            }
            else if (entries.Count < size)
            {
                entries.Add(entry);
            }
        }

        // A dictionary that nothing was taken from keeps the order in which keys came.
        return [.. entriesOfDocument.Values.Select(entries => new HitGroup(entries[0], entries[1..]))];
    }
}
