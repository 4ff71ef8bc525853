namespace MultiVecRetrieval.Libraries.Watching;

/// <summary>Hears of changes below folders. What it hears is a hint to look, never what changed: the system may lose events.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly string _ignored;

    /// <param name="paths">Files and folders; of one that is not there is heard that it comes, where its folder is there.</param>
    /// <param name="ignoredFolder">The data folder: what a run writes there must not call for the next run.</param>
    public FolderWatch(IReadOnlyList<string> paths, string ignoredFolder)
    {
        _ignored = Path.TrimEndingDirectorySeparator(Path.GetFullPath(ignoredFolder)) + Path.DirectorySeparatorChar;
        foreach (string path in paths)
        {
            Listen(path);
        }
    }

    /// <summary>False where the system hears nothing of a path: the limit of its watches is reached, or the drive tells nothing.</summary>
    public bool HearsAll { get; private set; } = true;

    /// <summary>Waits for a change and then until no more come, or until it is time to look anyway.</summary>
    /// <returns>True when something was heard.</returns>
    public async Task<bool> WaitAsync(WatchOptions options, CancellationToken cancellationToken)
    {
        if (!await _changed.WaitAsync(options.SweepInterval, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        long start = Environment.TickCount64;
        do
        {
            Drain();
        }
        while (Environment.TickCount64 - start < options.LongestDelay.TotalMilliseconds
            && await _changed.WaitAsync(options.QuietPeriod, cancellationToken).ConfigureAwait(false));
        return true;
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers)
        {
            watcher.Dispose();
        }
    }

    private void Listen(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        bool isFolder = Directory.Exists(full);
        if (!isFolder && !Directory.Exists(Path.GetDirectoryName(full)))
        {
            return;
        }

        try
        {
            FileSystemWatcher watcher = isFolder
                ? new FileSystemWatcher(full) { IncludeSubdirectories = true }
                : new FileSystemWatcher(Path.GetDirectoryName(full)!, Path.GetFileName(full));
            _watchers.Add(watcher);
            watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size;
            watcher.Created += (_, change) => Hear(change.FullPath);
            watcher.Changed += (_, change) => Hear(change.FullPath);
            watcher.Deleted += (_, change) => Hear(change.FullPath);
            watcher.Renamed += (_, change) => Hear(change.FullPath);

            // Events were lost, or the folder is gone: everything is looked at.
            watcher.Error += (_, _) => _changed.Release();
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            HearsAll = false;
        }
    }

    private void Hear(string path)
    {
        if (!path.StartsWith(_ignored, StringComparison.Ordinal) && path != _ignored[..^1])
        {
            _changed.Release();
        }
    }

    private void Drain()
    {
        while (_changed.Wait(0, CancellationToken.None))
        {
        }
    }
}
