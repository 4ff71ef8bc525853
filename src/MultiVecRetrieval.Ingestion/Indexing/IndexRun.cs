using System.Runtime.ExceptionServices;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Sidecars;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// One run of indexing: walk, plan, read and encode on all workers, write; then the pages of office documents, the text of scans, and what
/// is said in videos.
/// </summary>
internal sealed class IndexRun(
    Collection collection, IReadOnlyList<SpaceEncoder> encoders, IndexingOptions options, IReadOnlyDictionary<string,
        MetadataValue> metadata)
{
    /// <summary>Brings the collection up to date with what is on disk in these scopes.</summary>
    /// <exception cref="IndexCanceledException">The run was cancelled.</exception>
    public IndexReport Update(
        IReadOnlyList<IndexScope> scopes, IndexRequest request, SourceTable ledger,
        IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        FileWalker walker = new(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataFolder)),
            [.. request.Exclude.Select(glob => new GlobPattern(glob))],
            ledger.Rows.Select(row => row.Root).ToHashSet(StringComparer.Ordinal));
        return Run(ledger, progress, PlanWalk, cancellationToken);

        void PlanWalk(RunContext run, FilePlanner planner)
        {
            SourceWalk walk = SourceWalk.Make(
                scopes, ledger, walker, row => run.FindStored(row) is not null, options.QuietPeriod, run.CancellationToken);
            planner.Sidecars = SidecarPlan.Make(walk.Files, walk.Stale, ledger);
            IReadOnlyList<FoundFile> files = WithOwners(walk.Files, planner.Sidecars, walker);
            MarkChanged(planner.Sidecars, ledger);
            collection.Sources.Remove([.. walk.Stale.Select(row => row.GetKey())]);
            Announce(run, files);
            foreach (FoundFile file in files)
            {
                run.CancellationToken.ThrowIfCancellationRequested();
                planner.Plan(file, isForced: false, rereads: request.Reread);
            }

            run.Meter.SetTotalKnown();
            List<SourceFile> vanished = [.. walk.Vanished.Where(row => !planner.IsRenamed(row))];
            HashSet<string> kept = FindGoneRoots(request, vanished);
            foreach (string root in kept)
            {
                run.Tally.AddNotice($"{root} is gone or empty; its {vanished.Count(row => row.Root == root)} documents stay until it is named itself.");
            }

            foreach (SourceFile row in vanished)
            {
                Vanish(run, row, request.RemoveMissing && !kept.Contains(row.Root));
            }
        }
    }

    /// <summary>Reads again what failed, failed in part, or was left pending.</summary>
    /// <exception cref="IndexCanceledException">The run was cancelled.</exception>
    public IndexReport Retry(SourceTable ledger, IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        FileWalker walker = new(Path.GetFullPath(options.DataFolder), [], new HashSet<string>());
        return Run(ledger, progress, PlanRetries, cancellationToken);

        void PlanRetries(RunContext run, FilePlanner planner)
        {
            List<SourceFile> rows =
                [.. ledger.Rows.Where(row => !row.Path.EndsWith('/') && (row.State is SourceState.Failed or SourceState.Pending
                || (row.State == SourceState.Indexed && WaitState.ProblemsOf(row.Reason) is not null)))];
            List<SourceFile> gone = [.. rows.Where(row => !File.Exists(IndexScope.FullPath(row)))];
            List<FoundFile> files = [.. rows.Except(gone).Select(row => walker.Look(row.Root, IndexScope.FullPath(row)))];
            Announce(run, files);
            foreach (FoundFile file in files)
            {
                run.CancellationToken.ThrowIfCancellationRequested();
                // A pending file may be stored already but for a new space; it is looked at, not read blindly.
                planner.Plan(file, isForced: ledger.Find(file) is not { State: SourceState.Pending });
            }

            run.Meter.SetTotalKnown();
            foreach (SourceFile row in gone)
            {
                if (run.FindStored(row) is not null)
                {
                    Vanish(run, row, removes: false);
                }
                else
                {
                    collection.Sources.Remove([row.GetKey()]);
                }
            }
        }
    }

    // A subtitle that comes alone, as an upload does, brings the video that it belongs to.
    private static IReadOnlyList<FoundFile> WithOwners(IReadOnlyList<FoundFile> files, SidecarPlan sidecars, FileWalker walker)
    {
        Dictionary<string, string> roots = [];
        foreach (FoundFile file in files)
        {
            roots.TryAdd(Path.GetDirectoryName(file.FullPath) ?? file.Root, file.Root);
        }

        HashSet<string> met = [.. files.Select(file => file.FullPath)];
        return
        [
            .. files,
            .. sidecars.ChangedOwners.Where(owner => !met.Contains(owner) && roots.ContainsKey(Path.GetDirectoryName(owner) ?? ""))
                .Order(StringComparer.Ordinal).Select(owner => walker.Look(roots[Path.GetDirectoryName(owner)!], owner)),
        ];
    }

    // Before the rows of the files beside them say that they are as they are: a run that ends early leaves the mark.
    private void MarkChanged(SidecarPlan sidecars, SourceTable ledger) =>
        collection.Sources.Save([.. ledger.Rows
            .Where(row => row.State == SourceState.Indexed && sidecars.ChangedOwners.Contains(IndexScope.FullPath(row)))
            .Select(row => row with { State = SourceState.Pending, Reason = SidecarPlan.ChangedReason })]);

    // A drive that is not mounted is no folder that was emptied.
    private static HashSet<string> FindGoneRoots(IndexRequest request, List<SourceFile> vanished) =>
        request.RemoveMissing && (request.KeepGoneFolders || request.Paths.Count == 0)
            ? [.. vanished.Select(row => row.Root).Distinct(StringComparer.Ordinal)
                .Where(IsGoneOrEmpty)]
            : [];

    // What cannot be listed may hold everything still.
    private static bool IsGoneOrEmpty(string root)
    {
        try
        {
            return !Directory.Exists(root) || !Directory.EnumerateFileSystemEntries(root).Any();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void Vanish(RunContext run, SourceFile row, bool removes)
    {
        if (removes)
        {
            run.Writer.Remove(row);
            return;
        }

        run.Writer.Post(row with { IsMissing = true }, () => run.Tally.Add(report => report with { Missing = report.Missing + 1 }));
    }

    // Every file is in the ledger before the first one is read, so that a crash leaves no file unaccounted for.
    private void Announce(RunContext run, IReadOnlyList<FoundFile> files)
    {
        run.Tally.Add(report => report with { Seen = files.Count });
        run.Meter.SetFilesTotal(files.Count);
        List<(FoundFile File, SourceFile? Row)> met = [.. files.Select(file => (file, run.Ledger.Find(file)))];
        // A row of a catalog that did not keep the time of change yet gets it without being read again.
        collection.Sources.Save([.. met
            .Where(item => item is { Row.ChangedAt: null, File.ChangedAt: not null } && SourceTable.IsCurrent(item.Row, item.File))
            .Select(item => item.Row! with { ChangedAt = item.File.ChangedAt })]);
        collection.Sources.Save([.. met.Where(item => !SourceTable.IsCurrent(item.Row, item.File))
            .Select(item => new SourceFile
            {
                Root = item.File.Root,
                Path = item.File.Path,
                State = SourceState.Pending,
                SizeInBytes = item.File.SizeInBytes,
                ModifiedAt = item.File.ModifiedAt,
                ChangedAt = item.File.ChangedAt,
                DocumentKey = item.Row?.DocumentKey,
            })]);
    }

    private IndexReport Run(
        SourceTable ledger, IProgress<IndexProgress>? progress, Action<RunContext, FilePlanner> plan, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RunTally tally = new();
        ProgressMeter meter = new(tally, progress);
        WorkerPass pass = new(collection, encoders, options, metadata, ledger, tally, meter, stop);
        pass.Run((run, reading, pool) => plan(run, new FilePlanner(run, reading, pool)));
        // What follows takes longer, and everything of the run is found without it and durable.
        OfficePages pages = new(options.Limits, FileCache.Of(collection.Folder, options.CacheBytes), options.ToolFolder);
        using (OfficePass office = new(pages))
        {
            pass.Run(office.Plan);
        }

        pass.Run((run, reading, _) => new RecognitionPass(run, reading, pages).Run());
        pass.Run((run, reading, _) => new SpeechPass(run, reading).Run());
        // The last message comes after the last commit, so that it tells what the report tells.
        meter.Dispose();
        if (pass.Fatal is { } fatal)
        {
            ExceptionDispatchInfo.Throw(fatal);
        }

        IndexReport report = tally.Report with { Elapsed = meter.Elapsed };
        return cancellationToken.IsCancellationRequested ? throw new IndexCanceledException(report, cancellationToken) : report;
    }
}
