using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What a walk met, compared with the ledger.</summary>
internal sealed record SourceWalk
{
    /// <summary>Files and excluded folders that are there, in the order in which they are dealt with.</summary>
    public required IReadOnlyList<FoundFile> Files { get; init; }

    /// <summary>Rows whose file is gone and whose document is still stored.</summary>
    public required IReadOnlyList<SourceFile> Vanished { get; init; }

    /// <summary>Rows whose file is gone and that have no document.</summary>
    public required IReadOnlyList<SourceFile> Stale { get; init; }

    public static SourceWalk Make(
        IReadOnlyList<IndexScope> scopes, SourceTable ledger, FileWalker walker, Func<SourceFile, bool> isStored, TimeSpan quietPeriod,
        CancellationToken cancellationToken)
    {
        Dictionary<string, FoundFile> met = new(StringComparer.Ordinal);
        foreach (IndexScope scope in scopes)
        {
            IEnumerable<FoundFile> files = File.Exists(scope.Path) ? [walker.Look(scope.Root, scope.Path)]
                : Directory.Exists(scope.Path) ? walker.Walk(scope.Root, scope.Path, cancellationToken)
                : [];
            foreach (FoundFile file in files)
            {
                met.TryAdd(file.FullPath, file);
            }
        }

        List<SourceFile> vanished = [];
        List<SourceFile> stale = [];
        foreach (SourceFile row in ledger.Rows.Where(row => scopes.Any(scope => scope.Covers(row))))
        {
            string path = IndexScope.FullPath(row);
            bool isFolder = row.Path.EndsWith('/');
            if (met.ContainsKey(isFolder ? path.TrimEnd('/') : path))
            {
                continue;
            }

            if (!isFolder && File.Exists(path))
            {
                FileInfo file = new(path);
                met.Add(path, new FoundFile(
                    row.Root, row.Path, path, file.Length, file.LastWriteTimeUtc, Exclusion: "in a folder that is left out"));
            }
            else if (isStored(row))
            {
                vanished.Add(row);
            }
            else
            {
                stale.Add(row);
            }
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new SourceWalk
        {
            // Files that were just written come last: by then they have been left alone for a while, or not.
            Files = [.. met.Values.OrderBy(file => (now - file.ModifiedAt).Duration() < quietPeriod)],
            Vanished = vanished,
            Stale = stale,
        };
    }
}
