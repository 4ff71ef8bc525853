using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Libraries.Collections;

namespace MultiVecRetrieval.Libraries.Watching;

/// <summary>Indexes folders whenever something in them changes, and from time to time anyway.</summary>
/// <remarks>Each run compares all files with the ledger, so that nothing depends on what was heard in between: renames, deletions and
/// overflows of the system's queue end in the same run.</remarks>
internal sealed class SourceWatch(OpenCollections collections, LibraryOptions options)
{
    public async Task RunAsync(
        IndexRequest request, WatchOptions watching, Func<IndexRequest, CancellationToken, Task> index, IProgress<string>? notices,
        CancellationToken cancellationToken)
    {
        HashSet<string> gone = [];
        HashSet<string> files = [];
        FolderWatch? last = null;
        try
        {
            while (true)
            {
                string[] paths = FindPaths(request);
                files.UnionWith(paths.Where(File.Exists));
                string[] there = [.. paths.Where(path => File.Exists(path) || Directory.Exists(path) || IsDeletedFile(request, path))];

                // The ear is opened before the run looks: what changes while it looks is heard.
                FolderWatch watch = new(paths, options.DataFolder);
                bool isFirst = last is null;
                last?.Dispose();
                last = watch;
                Tell(paths.Except(there).Except(files), gone, isFirst && !watch.HearsAll, watching, notices);
                if (there.Length > 0)
                {
                    await index(request with { Paths = there, RemoveMissing = true, KeepGoneFolders = true }, cancellationToken)
                        .ConfigureAwait(false);
                }

                await watch.WaitAsync(watching, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            last?.Dispose();
        }
    }

    private string[] FindPaths(IndexRequest request) => request.Paths.Count > 0
        ? [.. request.Paths.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)]
        : [.. collections.Get(request.Collection).Sources.List().Select(source => source.Root).Distinct(StringComparer.Ordinal)];

    // Only what the ledger knows as a file: the run finds it gone, as it does one in a folder.
    private bool IsDeletedFile(IndexRequest request, string path) =>
        Directory.Exists(Path.GetDirectoryName(path)) && collections.Exists(request.Collection)
        && collections.Get(request.Collection).Sources.List().Any(source => IndexScope.FullPath(source) == path);

    // A drive that is not mounted is no folder that was emptied.
    private static void Tell(
        IEnumerable<string> missing, HashSet<string> gone, bool isDeaf, WatchOptions watching, IProgress<string>? notices)
    {
        HashSet<string> now = [.. missing];
        foreach (string path in now.Except(gone))
        {
            notices?.Report($"{path} is not there; what was indexed of it stays, and it is looked for again.");
        }

        foreach (string path in gone.Except(now))
        {
            notices?.Report($"{path} is there again.");
        }

        gone.Clear();
        gone.UnionWith(now);
        if (isDeaf)
        {
            notices?.Report($"The system does not tell of all changes; everything is looked at every {watching.SweepInterval}.");
        }
    }
}
