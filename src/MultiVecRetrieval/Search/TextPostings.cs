using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>Which entries have each phrase of a text query, read from the index once; and what BM25 can be at most from that
/// alone.</summary>
internal sealed class TextPostings
{
    // FTS5's bm25() adds idf * f (K1 + 1) / (f + K1 (...)) for every phrase: less than idf * (K1 + 1), however often it is there.
    private const double K1 = 1.2;
    private const double LeastIdf = 1e-6;

    private readonly Dictionary<TextClause, List<long[]>> _entries = [];
    private readonly Dictionary<TextClause, long> _counts = [];
    private readonly long _total;

    public TextPostings(SqliteConnection connection, IReadOnlyList<TextClause> clauses)
    {
        _total = CatalogQueries.CountEntries(connection);
        foreach (TextClause clause in clauses)
        {
            List<long[]> phrases = [.. clause.ToPhrases().Select(phrase => connection.ReadAll(
                row => row.GetInt64(0), "SELECT rowid FROM texts_index WHERE texts_index MATCH $1", phrase).ToArray())];
            _entries[clause] = phrases;
            _counts[clause] = phrases.Count == 1 ? phrases[0].Length : phrases.SelectMany(ids => ids).Distinct().LongCount();
        }
    }

    /// <summary>Entries that have a clause.</summary>
    public long Count(TextClause clause) => _counts[clause];

    /// <summary>True when an entry has a clause.</summary>
    public bool Has(TextClause clause, long entryId) => _entries[clause].Exists(ids => Array.BinarySearch(ids, entryId) >= 0);

    /// <summary>How much a clause tells: the rarer, the more. One that no entry has tells most, and counts as missing in all of them.
    /// </summary>
    public double GetWeight(TextClause clause) => Math.Log(1 + ((_total - Count(clause) + 0.5) / (Count(clause) + 0.5)));

    /// <summary>Adds to the bounds of entries what a clause adds to their BM25 at most; entries that have it and no bound yet get one.
    /// </summary>
    /// <param name="bounds">The bounds by entry.</param>
    /// <param name="clause">The clause.</param>
    /// <param name="filter">Entries that may be found; null for all.</param>
    /// <param name="excluded">An entry that is not.</param>
    public void AddBounds(Dictionary<long, double> bounds, TextClause clause, EntrySet? filter, long? excluded)
    {
        foreach (long[] ids in _entries[clause])
        {
            double most = (K1 + 1) * Math.Max(LeastIdf, Math.Log((_total - ids.Length + 0.5) / (ids.Length + 0.5)));
            foreach (long id in ids)
            {
                if (id != excluded && filter?.Contains(id) != false)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(bounds, id, out _) += most;
                }
            }
        }
    }
}
