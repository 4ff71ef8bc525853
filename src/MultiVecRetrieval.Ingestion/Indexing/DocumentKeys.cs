using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Gives the files of a run the keys of their documents. A key is the path below the root; where another file has it, as many of the
/// last folder names of the root stand before it as make it unique. A file keeps the key that the ledger remembers.
/// </summary>
/// <param name="find">Finds a stored document by its key.</param>
internal sealed class DocumentKeys(Func<string, Document?> find)
{
    /// <summary>What marks the page in the key of an entry.</summary>
    public const string PageMark = "#page=";

    // No key of a document may hold what marks a part in the key of an entry.
    private static readonly string[] Marks = [PageMark, TextContent.SectionMark, TextContent.SlideMark, TextContent.SheetMark];

    private readonly Dictionary<string, string> _claimed = new(StringComparer.Ordinal);

    /// <summary>The mark of a part that a path holds, so that it can be no key; null for none.</summary>
    public static string? FindMark(string path) =>
        Array.Find(Marks, mark => path.Contains(mark, StringComparison.Ordinal));

    /// <summary>Takes a key that the ledger says is the file's; false when another file of this run has it.</summary>
    public bool TryKeep(string key, FoundFile file) => _claimed.TryAdd(key, file.FullPath) || _claimed[key] == file.FullPath;

    /// <summary>Takes the shortest free key for a file; null when all are taken.</summary>
    /// <param name="file">The file.</param>
    /// <param name="hash">Its content.</param>
    /// <param name="remembered">The key that it had before, or null.</param>
    public string? Claim(FoundFile file, string hash, string? remembered)
    {
        string? free = Candidates(file, remembered).FirstOrDefault(key => IsFree(key, file, hash));
        if (free is not null)
        {
            _claimed[free] = file.FullPath;
        }

        return free;
    }

    private static IEnumerable<string> Candidates(FoundFile file, string? remembered)
    {
        if (remembered is not null)
        {
            yield return remembered;
        }

        yield return file.Path;
        string root = file.Root[(Path.GetPathRoot(file.Root)?.Length ?? 0)..];
        string key = file.Path;
        foreach (string folder in root.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            key = $"{folder}/{key}";
            yield return key;
        }
    }

    private bool IsFree(string key, FoundFile file, string hash)
    {
        if (FindMark(key) is not null || (_claimed.TryGetValue(key, out string? owner) && owner != file.FullPath))
        {
            return false;
        }

        Document? stored = find(key);
        // The same content under another root, with the old file gone, is a move.
        return stored is null || stored.SourcePath == file.FullPath
            || (stored.ContentHash == hash && (stored.SourcePath is null || !File.Exists(stored.SourcePath)));
    }
}
