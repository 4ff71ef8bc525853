using System.Globalization;

namespace MultiVecRetrieval.Eval.Trec;

/// <summary>Which keys answer which query, and how well: TREC qrels, <c>query 0 key gain</c> a line.</summary>
/// <remarks>Keys may contain blanks; query ids may not. Keys and ids are compared byte by byte.</remarks>
public sealed class Judgements
{
    private readonly SortedDictionary<string, Dictionary<string, double>> _gains = new(StringComparer.Ordinal);

    /// <summary>The judged queries, by id.</summary>
    public IReadOnlyCollection<string> QueryIds => _gains.Keys;

    /// <summary>Gain by key for one query; empty for a query without judgements.</summary>
    public IReadOnlyDictionary<string, double> Of(string queryId) =>
        _gains.TryGetValue(queryId, out Dictionary<string, double>? gains) ? gains : new Dictionary<string, double>();

    /// <summary>Adds a judgement or replaces the one for the same query and key.</summary>
    /// <exception cref="ArgumentException">The id is empty or contains white space, or the key is empty or has a line break.</exception>
    public void Add(string queryId, string key, double gain)
    {
        TrecLine.RequireId(queryId);
        TrecLine.RequireKey(key);
        if (!_gains.TryGetValue(queryId, out Dictionary<string, double>? gains))
        {
            _gains[queryId] = gains = new Dictionary<string, double>(StringComparer.Ordinal);
        }

        gains[key] = gain;
    }

    /// <summary>The judgements of some queries; one without judgements is left out.</summary>
    public Judgements Only(IEnumerable<string> queryIds)
    {
        Judgements result = new();
        foreach (string queryId in queryIds)
        {
            if (_gains.TryGetValue(queryId, out Dictionary<string, double>? gains))
            {
                result._gains[queryId] = gains;
            }
        }
        return result;
    }

    /// <summary>The same queries with every key replaced by what <paramref name="map"/> makes of it.</summary>
    public Judgements MapKeys(Func<string, string> map)
    {
        Judgements result = new();
        foreach ((string queryId, Dictionary<string, double> gains) in _gains)
        {
            foreach ((string key, double gain) in gains)
            {
                result.Add(queryId, map(key), gain);
            }
        }
        return result;
    }

    /// <summary>Reads qrels; empty lines are passed over.</summary>
    /// <exception cref="TrecFormatException">A line has other than four fields or no number at its end.</exception>
    public static Judgements Read(string path)
    {
        Judgements result = new();
        foreach (TrecLine line in TrecLine.ReadAll(path, leading: 2, trailing: 1, expected: "'query 0 key gain'"))
        {
            result.Add(line.Leading[0], line.Key, line.Number(line.Trailing[0]));
        }

        return result;
    }

    /// <summary>Writes qrels, ordered by query id and key.</summary>
    public void Write(string path)
    {
        using StreamWriter writer = new(path) { NewLine = "\n" };
        foreach ((string queryId, Dictionary<string, double> gains) in _gains)
        {
            foreach ((string key, double gain) in gains.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{queryId} 0 {key} {gain}"));
            }
        }
    }
}
