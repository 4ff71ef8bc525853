using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
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

    private readonly SqliteConnection _connection;
    private readonly TextQuery _query;
    private readonly Lazy<Dictionary<TextClause, double>> _weights;

    public TextSide(SqliteConnection connection, TextQuery query, string catalogPath)
    {
        (_connection, _query) = (connection, query);
        Texts = new HitTexts(connection, catalogPath, query.Ranked);
        _weights = new Lazy<Dictionary<TextClause, double>>(Weigh);
    }

    /// <summary>What the query asks for.</summary>
    public TextQuery Query => _query;

    /// <summary>The texts that it marks.</summary>
    public HitTexts Texts { get; }

    /// <summary>Entries with any of the words, by BM25 and, of the best, how close together the words stand. FTS5's bm25() is negative,
    /// better lower; the score is its opposite.</summary>
    public List<ScoredEntry> Score(EntrySet? filter, long? excluded, CancellationToken cancellationToken)
    {
        List<ScoredEntry> scored = [];
        if (_query.ToExpression() is not { } expression)
        {
            return scored;
        }

        using SqliteCommand command = _connection.Build($"SELECT rowid, {Bm25} FROM texts_index WHERE texts_index MATCH $1", expression);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long id = reader.GetInt64(0);
            if (id != excluded && (filter is null || filter.Contains(id)))
            {
                scored.Add(new ScoredEntry(id, -reader.GetDouble(1)));
            }
        }

        if (_query.Ranked.Count > 1)
        {
            AddProximity(scored);
        }

        return scored;
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
        Dictionary<long, double> covered = entryIds.ToDictionary(id => id, _ => 0.0);
        double all = _query.Ranked.Where(clause => !clause.IsCommon).Sum(GetWeight);
        if (all == 0)
        {
            return covered;
        }

        foreach (TextClause clause in _query.Ranked.Where(clause => !clause.IsCommon))
        {
            double share = GetWeight(clause) / all;
            using SqliteCommand command = _connection.Build(
                "SELECT rowid FROM texts_index WHERE texts_index MATCH $1", clause.ToExpression());
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                long id = reader.GetInt64(0);
                if (covered.TryGetValue(id, out double sum))
                {
                    covered[id] = sum + share;
                }
            }
        }

        return covered;
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
    public double GetWeight(TextClause clause) => _weights.Value[clause];

    // The rarer, the more a word tells; one that no entry has tells most, and counts as missing in all of them.
    private Dictionary<TextClause, double> Weigh()
    {
        long count = CatalogQueries.CountEntries(_connection);
        Dictionary<TextClause, double> weights = [];
        foreach (TextClause clause in _query.Ranked)
        {
            long having = _connection.ReadInt64("SELECT count(*) FROM texts_index WHERE texts_index MATCH $1", clause.ToExpression()) ?? 0;
            weights[clause] = Math.Log(1 + ((count - having + 0.5) / (having + 0.5)));
        }

        return weights;
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
