namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>The candidates of a data set: MMEB names them by path or by their text, which no file of a run can hold, so each has a number
/// here.</summary>
internal sealed class MmebNames
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Every candidate, in the order in which they were first named.</summary>
    public IReadOnlyList<string> All => _names;

    /// <summary>The id of a candidate, a new one for a new name.</summary>
    public string Add(string name)
    {
        if (!_ids.TryGetValue(name, out string? id))
        {
            _ids[name] = id = IdOf(_names.Count);
            _names.Add(name);
        }

        return id;
    }

    /// <summary>The name of an id.</summary>
    public string NameOf(string id) => _names[int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The id of the candidate at a place of <see cref="All"/>.</summary>
    public static string IdOf(int index) => FormattableString.Invariant($"c{index:000000}");
}
