using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>One path of a request and the root that its keys are relative to.</summary>
/// <param name="Root">Absolute folder.</param>
/// <param name="Path">Absolute file or folder, in the root or the root itself.</param>
/// <param name="IsFolder">True for a folder; also for one that is gone but was indexed before.</param>
internal sealed record IndexScope(string Root, string Path, bool IsFolder)
{
    /// <summary>True when a file of the ledger lies in this scope, so that not meeting it means that it is gone.</summary>
    public bool Covers(SourceFile source)
    {
        string full = FullPath(source);
        return full == Path || (IsFolder && FileWalker.IsUnder(full, Path));
    }

    public static string FullPath(SourceFile source) => System.IO.Path.Combine(source.Root, source.Path);

    /// <summary>
    /// Finds the root of each path. A folder is its own root, unless files in it were indexed under a root above it: then they keep
    /// their keys. The root of a file is its folder, by the same rule. Empty paths mean all roots of the ledger.
    /// </summary>
    /// <exception cref="FileNotFoundException">A path is neither there nor in the ledger.</exception>
    /// <exception cref="ArgumentException">No path was given and nothing was indexed before.</exception>
    public static IReadOnlyList<IndexScope> Resolve(IReadOnlyList<string> paths, IReadOnlyList<SourceFile> ledger)
    {
        List<string> roots = [.. ledger.Select(source => source.Root).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (paths.Count == 0 && roots.Count == 0)
        {
            throw new ArgumentException("No path was given, and nothing was indexed before that could be looked at again.", nameof(paths));
        }

        List<IndexScope> scopes = [];
        foreach (string given in paths.Count == 0 ? roots : paths)
        {
            string path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(given));
            bool isFile = File.Exists(path);
            bool isKnown = ledger.Any(source => FullPath(source) == path || FileWalker.IsUnder(FullPath(source), path));
            if (!isFile && !Directory.Exists(path) && !isKnown)
            {
                throw new FileNotFoundException($"{given} is neither a file nor a folder.", path);
            }

            bool isFolder = !isFile && !ledger.Any(source => FullPath(source) == path);
            string own = isFolder ? path : System.IO.Path.GetDirectoryName(path) ?? path;
            scopes.Add(new IndexScope(RootAbove(path, ledger) ?? own, path, isFolder));
        }

        // A path inside another one of the request is walked with it.
        return [.. scopes.Where(inner => !scopes.Any(outer => outer.IsFolder && FileWalker.IsUnder(inner.Path, outer.Path)))
            .DistinctBy(scope => scope.Path)];
    }

    private static string? RootAbove(string path, IReadOnlyList<SourceFile> ledger) =>
        ledger.Where(source => FileWalker.IsUnder(path, source.Root))
            .Where(source => FullPath(source) == path || FileWalker.IsUnder(FullPath(source), path))
            .Select(source => source.Root).MaxBy(root => root.Length);
}
