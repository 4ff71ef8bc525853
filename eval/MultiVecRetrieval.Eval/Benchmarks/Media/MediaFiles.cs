namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>Pictures and videos of a benchmark on disk.</summary>
internal sealed class MediaFiles
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Finds the files below a folder by their names without extension.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="extensions">Extensions of such files, the preferred ones first.</param>
    public MediaFiles(string folder, params IReadOnlyList<string> extensions)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => extensions.Contains(Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal))
                .Order(StringComparer.Ordinal))
        {
            _paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }
    }

    /// <summary>Names of the files, without extension.</summary>
    public IEnumerable<string> Ids => _paths.Keys;

    /// <summary>The videos below a folder.</summary>
    public static MediaFiles Videos(string folder) => new(folder, ".mp4", ".mkv", ".webm", ".avi", ".mov", ".mpg", ".flv", ".3gp");

    /// <summary>The file of an id; one that does not exist where there is none, which a run then leaves out and says so.</summary>
    public string Of(string id) => _paths.GetValueOrDefault(id, $"{id} (no such file)");

    /// <summary>Files as items of a corpus.</summary>
    public static async IAsyncEnumerable<CorpusItem> ToItems(IEnumerable<(string Id, string Path)> files)
    {
        await Task.CompletedTask;
        foreach ((string id, string path) in files)
        {
            yield return new CorpusItem(id) { File = path };
        }
    }

    /// <summary>Files by id as items of a corpus.</summary>
    public static IAsyncEnumerable<CorpusItem> ToItems(IReadOnlyDictionary<string, string> files) =>
        ToItems(files.Select(pair => (pair.Key, pair.Value)));

    /// <summary>Texts as items of a corpus.</summary>
    public static async IAsyncEnumerable<CorpusItem> ToTexts(IEnumerable<(string Id, string Text)> texts)
    {
        await Task.CompletedTask;
        foreach ((string id, string text) in texts)
        {
            yield return new CorpusItem(id) { Text = text };
        }
    }
}
