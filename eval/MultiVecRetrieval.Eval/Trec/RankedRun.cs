using System.Globalization;

namespace MultiVecRetrieval.Eval.Trec;

/// <summary>What a system answered: scored keys by query; a TREC run, <c>query Q0 key rank score tag</c> a line.</summary>
/// <remarks>
/// The order is by falling score, equal scores by key (ordinal): as in trec_eval, the rank column of a file is not believed.
/// </remarks>
public sealed class RankedRun
{
    private readonly SortedDictionary<string, Dictionary<string, double>> _scores = new(StringComparer.Ordinal);

    /// <summary>The queries that were answered, by id.</summary>
    public IReadOnlyCollection<string> QueryIds => _scores.Keys;

    /// <summary>Sets the score of a key for a query.</summary>
    /// <exception cref="ArgumentException">The id or key cannot stand in a run file, or the key was already scored.</exception>
    public void Add(string queryId, string key, double score)
    {
        TrecLine.RequireId(queryId);
        TrecLine.RequireKey(key);
        if (!double.IsFinite(score))
        {
            throw new ArgumentException($"The score of '{key}' is {score}; a run holds finite scores.", nameof(score));
        }

        Begin(queryId);
        if (!_scores[queryId].TryAdd(key, score))
        {
            throw new ArgumentException($"Query '{queryId}' already ranks '{key}'.", nameof(key));
        }
    }

    /// <summary>Notes a query as answered, even if nothing is found for it.</summary>
    public void Begin(string queryId)
    {
        if (!_scores.ContainsKey(queryId))
        {
            _scores[queryId] = new Dictionary<string, double>(StringComparer.Ordinal);
        }
    }

    /// <summary>The keys of a query, best first; empty when it was not answered.</summary>
    public IReadOnlyList<string> Ranking(string queryId, RankingRule rule = RankingRule.ByKey) =>
        [.. Ordered(queryId, rule).Select(pair => pair.Key)];

    /// <summary>The scores of a query by key; empty when it was not answered.</summary>
    public IReadOnlyDictionary<string, double> Scores(string queryId) =>
        _scores.TryGetValue(queryId, out Dictionary<string, double>? scores) ? scores : new Dictionary<string, double>();

    /// <summary>Reads a run; empty lines are passed over.</summary>
    /// <exception cref="TrecFormatException">A line has not six fields, no finite score, or repeats a key.</exception>
    public static RankedRun Read(string path)
    {
        RankedRun run = new();
        foreach (TrecLine line in TrecLine.ReadAll(path, leading: 2, trailing: 3, expected: "'query Q0 key rank score tag'"))
        {
            if (run._scores.GetValueOrDefault(line.Leading[0], []).ContainsKey(line.Key))
            {
                throw new TrecFormatException(path, line.LineNumber, "each key once per query", line.Key);
            }

            run.Add(line.Leading[0], line.Key, line.Number(line.Trailing[1]));
        }
        return run;
    }

    /// <summary>Writes the run, ranks from 1. Scores are written so that reading gives the same doubles.</summary>
    public void Write(string path, string tag)
    {
        TrecLine.RequireId(tag);
        using StreamWriter writer = new(path) { NewLine = "\n" };
        foreach (string queryId in _scores.Keys)
        {
            int rank = 0;
            foreach ((string key, double score) in Ordered(queryId))
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{queryId} Q0 {key} {++rank} {score:R} {tag}"));
            }
        }
    }

    private IEnumerable<KeyValuePair<string, double>> Ordered(string queryId, RankingRule rule = RankingRule.ByKey)
    {
        Dictionary<string, double> scores = _scores.GetValueOrDefault(queryId, []);
        return rule == RankingRule.TrecEval
            ? scores.OrderByDescending(pair => (float)pair.Value).ThenByDescending(pair => pair.Key, StringComparer.Ordinal)
            : scores.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal);
    }
}
