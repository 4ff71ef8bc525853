using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Language;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Search;

/// <summary>BM25 over the words of texts, and over names and metadata, by FTS5.</summary>
internal sealed class TextSide
{
    public const string Name = "text";

    // Weights of the columns words, stems, about: a word in another form is worth half of the same one.
    private const string Bm25 = "bm25(texts_index, 1.0, 0.5, 1.0)";

    // Of so many of the best by BM25 the words are read, so that what it costs does not grow with the collection.
    private const int ProximityDepth = 30;

    // What a side reads twice to be spared ranking the rest has to be worth it.
    private const int MinPrunedFactor = 4;

    // Scores are sums in another order than bounds: they may differ in the last places.
    private const double BoundSlack = 1 - 1e-9;

    private readonly SqliteConnection _connection;
    private readonly TextQuery _query;
    private readonly Lazy<TextPostings> _postings;

    public TextSide(SqliteConnection connection, TextQuery query, string catalogPath)
    {
        (_connection, _query) = (connection, query);
        Texts = new HitTexts(connection, catalogPath, query.Ranked);
        _postings = new Lazy<TextPostings>(() => new TextPostings(connection, query.Ranked));
    }

    /// <summary>What the query asks for.</summary>
    public TextQuery Query => _query;

    /// <summary>The texts that it marks.</summary>
    public HitTexts Texts { get; }

    /// <summary>
    /// Entries with any of the words, by BM25 and, of the best, how close together the words stand: at least the best
    /// <paramref name="depth"/> of them. FTS5's bm25() is negative, better lower; the score is its opposite.
    /// </summary>
    /// <returns>The entries, in no order, and how many there are to find.</returns>
    public (List<ScoredEntry> Entries, long FoundCount) Score(
        EntrySet? filter, long? excluded, int depth, CancellationToken cancellationToken)
    {
        if (_query.ToExpression() is not { } expression)
        {
            return ([], 0);
        }

        (Dictionary<long, double> bounds, double least) =
            FindPromising(filter, excluded, Math.Max(depth, ProximityDepth), cancellationToken);
        List<ScoredEntry> scored = Rank(
            expression, id => bounds.TryGetValue(id, out double bound) && bound >= least, cancellationToken);
        if (_query.Ranked.Count > 1)
        {
            AddProximity(scored);
        }

        return (scored, bounds.Count);
    }

    /// <summary>The entries that have every phrase that must be there and nothing that must not, of those that passed a filter.</summary>
    public EntrySet Restrict(EntrySet? filter)
    {
        IEnumerable<long> allowed = _connection.ReadAll(row => row.GetInt64(0), "SELECT id FROM entries");
        foreach (TextClause clause in _query.Wanted.Where(clause => clause.IsRequired))
        {
            HashSet<long> with = FindEntries(clause);
            allowed = allowed.Where(with.Contains);
        }

        foreach (TextClause clause in _query.Unwanted)
        {
            HashSet<long> with = FindEntries(clause);
            allowed = allowed.Where(id => !with.Contains(id));
        }

        return new EntrySet([.. allowed.Where(id => filter is null || filter.Contains(id))]);
    }

    /// <summary>The share of the query that each of these entries has, in [0, 1]: of its words, by how rare they are.</summary>
    public Dictionary<long, double> Cover(IReadOnlyList<long> entryIds)
    {
        TextClause[] telling = [.. _query.Ranked.Where(clause => !clause.IsCommon)];
        double all = telling.Sum(GetWeight);
        return entryIds.ToDictionary(
            id => id, id => all == 0 ? 0 : telling.Where(clause => _postings.Value.Has(clause, id)).Sum(clause => GetWeight(clause) / all));
    }

    /// <summary>The share of the query that a word makes, in [0, 1]; 0 for a common word.</summary>
    /// <param name="word">A word as a model names it.</param>
    public double GetShare(string word)
    {
        double all = _query.Ranked.Where(clause => !clause.IsCommon).Sum(GetWeight);
        string surface = TextFolding.Fold(word);
        TextClause? clause = _query.Ranked.FirstOrDefault(clause => !clause.IsCommon && clause.Surfaces.Contains(surface));
        return clause is null || all == 0 ? 0 : GetWeight(clause) / clause.Surfaces.Count / all;
    }

    /// <summary>The boxes of the words that matched; the whole entry for those of its name, title, folders and metadata.</summary>
    public IEnumerable<HitMatch> Explain(long entryId)
    {
        HitText? text = Texts.Read(entryId);
        HashSet<TextClause> inText = [];
        foreach (TextMark mark in text?.Marks ?? [])
        {
            inText.Add(mark.Clause);
            foreach (TextWord word in text!.Layer.Words)
            {
                if (word.Offset < mark.Offset + mark.Length && word.Offset + word.Length > mark.Offset)
                {
                    yield return new HitMatch(mark.Clause.Label, 1, word.Place, Name);
                }
            }
        }

        HashSet<string> about = [.. TextIndex.GetAbout(_connection, entryId)];
        foreach (TextClause clause in _query.Ranked.Where(clause => !inText.Contains(clause)))
        {
            if (about.Overlaps(clause.Stems) || clause.Surfaces.All(about.Contains)
                || (clause.IsPrefix && about.Any(word => word.StartsWith(clause.Surfaces[^1], StringComparison.Ordinal))))
            {
                yield return new HitMatch(clause.Label, 1, Place.Whole, Name);
            }
        }
    }

    /// <summary>How much a clause tells: the rarer, the more.</summary>
    public double GetWeight(TextClause clause) => _postings.Value.GetWeight(clause);

    // What has the rarer words is ranked by them alone, and what cannot come near even if everything else spoke for it is not ranked:
    // most entries have nothing but the commonest words of a question.
    private (Dictionary<long, double> Bounds, double Least) FindPromising(
        EntrySet? filter, long? excluded, int depth, CancellationToken cancellationToken)
    {
        // A phrase that must be there stands twice in the expression, and counts twice.
        TextClause[] required = [.. _query.Ranked.Where(clause => clause.IsRequired)];
        Dictionary<long, double> bounds = [];
        foreach (TextClause clause in _query.Ranked.Concat(required))
        {
            _postings.Value.AddBounds(bounds, clause, filter, excluded);
        }

        foreach (TextClause clause in required)
        {
            foreach (long id in bounds.Keys.Where(id => !_postings.Value.Has(clause, id)).ToList())
            {
                bounds.Remove(id);
            }
        }

        if (bounds.Count < (long)MinPrunedFactor * depth)
        {
            return (bounds, double.NegativeInfinity);
        }

        // The rarest clauses that enough entries have.
        List<TextClause> rare = [];
        Dictionary<long, double> some = [];
        foreach (TextClause clause in _query.Ranked.OrderBy(_postings.Value.Count))
        {
            rare.Add(clause);
            _postings.Value.AddBounds(some, clause, filter, excluded);
            if (some.Keys.Count(bounds.ContainsKey) >= depth)
            {
                break;
            }
        }

        if (rare.Count == _query.Ranked.Count)
        {
            return (bounds, double.NegativeInfinity);
        }

        List<ScoredEntry> partial = Rank(
            string.Join(" OR ", rare.Select(clause => clause.ToExpression())), bounds.ContainsKey, cancellationToken);
        foreach ((long id, double score) in partial)
        {
            bounds[id] += score - some[id];
        }

        return (bounds, BoundSlack * TopEntries.FindThreshold(partial, depth));
    }

    private List<ScoredEntry> Rank(string expression, Func<long, bool> isWanted, CancellationToken cancellationToken)
    {
        // SQLite asks for the rank of those rows alone that the condition leaves.
        _connection.CreateFunction("is_wanted", isWanted);
        List<ScoredEntry> scored = [];
        using SqliteCommand command = _connection.Build(
            $"SELECT rowid, {Bm25} FROM texts_index WHERE texts_index MATCH $1 AND is_wanted(rowid)", expression);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            scored.Add(new ScoredEntry(reader.GetInt64(0), -reader.GetDouble(1)));
        }

        return scored;
    }

    private void AddProximity(List<ScoredEntry> scored)
    {
        HashSet<long> best = [.. TopEntries.Select(_connection, scored, ProximityDepth).Select(entry => entry.EntryId)];
        for (int i = 0; i < scored.Count; i++)
        {
            if (best.Contains(scored[i].EntryId))
            {
                string words = TextIndex.GetWords(_connection, scored[i].EntryId);
                scored[i] = scored[i] with { Score = scored[i].Score + TextProximity.Score(words, _query.Ranked, GetWeight) };
            }
        }
    }

    private HashSet<long> FindEntries(TextClause clause) => [.. _connection.ReadAll(
        row => row.GetInt64(0), "SELECT rowid FROM texts_index WHERE texts_index MATCH $1", clause.ToExpression())];
}
