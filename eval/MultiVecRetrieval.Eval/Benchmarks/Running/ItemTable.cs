using System.Text.Json;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>Which item of a benchmark has which key in the collection: ids may hold what no key of a file can. A file of one pair of id and
/// key a line, which grows with the corpus and is read again by a run that goes on.</summary>
internal sealed class ItemTable
{
    private readonly string _path;
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>Opens the table of a folder; a last line that was cut off by the end of a run is dropped.</summary>
    public ItemTable(string path)
    {
        _path = path;
        foreach (string[] pair in JsonLines.ReadWhole<string[]>(path))
        {
            Remember(pair[0], pair[1]);
        }
    }

    /// <summary>Items that are in it.</summary>
    public int Count => _ids.Count;

    /// <summary>Every key, in no order.</summary>
    public IEnumerable<string> Keys => _ids.Keys;

    /// <summary>True where an item has the key.</summary>
    public bool HasKey(string key) => _ids.ContainsKey(key);

    /// <summary>True where it has the item.</summary>
    public bool Has(string id) => _keys.ContainsKey(id);

    /// <summary>The item of a key.</summary>
    public string IdOf(string key) => _ids[key];

    /// <summary>The key of an item; null where the corpus has none of that id.</summary>
    public string? FindKey(string id) => _keys.GetValueOrDefault(id);

    /// <summary>Adds items, durably.</summary>
    public void Add(IEnumerable<(string Id, string Key)> items)
    {
        using StreamWriter writer = new(_path, append: true) { NewLine = "\n" };
        foreach ((string id, string key) in items)
        {
            Remember(id, key);
            writer.WriteLine(JsonSerializer.Serialize((string[])[id, key]));
        }
    }

    private void Remember(string id, string key)
    {
        _ids[key] = id;
        _keys[id] = key;
    }
}
