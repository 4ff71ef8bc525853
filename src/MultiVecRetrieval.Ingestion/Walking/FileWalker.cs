namespace MultiVecRetrieval.Ingestion.Walking;

/// <summary>
/// Lists the files under a root in ordinal order of their paths. Hidden entries, the data folder and what a pattern excludes are
/// listed once with the reason and not entered.
/// </summary>
/// <param name="dataFolder">Absolute data folder of the library; never entered unless it holds the root itself.</param>
/// <param name="exclude">Patterns of what to leave out.</param>
/// <param name="roots">Absolute roots that were indexed before; a folder among them keeps its own keys.</param>
internal sealed class FileWalker(string dataFolder, IReadOnlyList<GlobPattern> exclude, IReadOnlySet<string> roots)
{
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);

    /// <summary>Everything under <paramref name="folder"/>, which lies in <paramref name="root"/> or is it.</summary>
    public IEnumerable<FoundFile> Walk(string root, string folder, CancellationToken cancellationToken = default)
    {
        string real = RealPath(folder);
        _entered.Add(real);
        return WalkFolder(root, folder, real, cancellationToken);
    }

    /// <summary>One file that was asked for by name: it may be hidden.</summary>
    public FoundFile Look(string root, string file) => Describe(root, new FileInfo(file), isNamed: true);

    private IEnumerable<FoundFile> WalkFolder(string root, string folder, string real, CancellationToken cancellationToken)
    {
        (FileSystemInfo[] entries, (string Name, bool IsFolder)[] unopenable, string? problem) = List(folder);
        if (problem is not null)
        {
            yield return new FoundFile(root, Relative(root, folder) + "/", folder, 0, DateTimeOffset.UnixEpoch, Problem: problem);
        }

        foreach ((string name, bool isFolder) in unopenable)
        {
            yield return DescribeUnopenable(root, Path.Combine(folder, name), isFolder);
        }

        foreach (FileSystemInfo entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry is FileInfo file)
            {
                yield return Describe(root, file);
                continue;
            }

            string target = entry.LinkTarget is null ? Path.Combine(real, entry.Name) : RealPath(entry.FullName);
            if (ExclusionOf(root, entry, target) is { } reason)
            {
                yield return new FoundFile(
                    root, Relative(root, entry.FullName) + "/", entry.FullName, 0, DateTimeOffset.UnixEpoch, Exclusion: reason);
                continue;
            }

            _entered.Add(target);
            string innerRoot = roots.Contains(entry.FullName) ? entry.FullName : root;
            foreach (FoundFile found in WalkFolder(innerRoot, entry.FullName, target, cancellationToken))
            {
                yield return found;
            }
        }
    }

    private FoundFile Describe(string root, FileInfo file, bool isNamed = false)
    {
        string path = Relative(root, file.FullName);
        FoundFile found = new(root, path, file.FullName, 0, DateTimeOffset.UnixEpoch);
        if (!isNamed && file.Name.StartsWith('.'))
        {
            return found with { Exclusion = "hidden file" };
        }

        if (exclude.FirstOrDefault(pattern => pattern.IsMatch(path)) is { } pattern)
        {
            return found with { Exclusion = $"excluded by the pattern '{pattern.Text}'" };
        }

        try
        {
            // Size and time of what a link points to, not of the link.
            FileSystemInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            if (target is not FileInfo { Exists: true } regular)
            {
                return found with { Problem = "a link to nothing that can be read" };
            }

            return found with
            {
                SizeInBytes = regular.Length,
                ModifiedAt = regular.LastWriteTimeUtc,
                ChangedAt = ChangeTime.Get(regular.FullName),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return found with { Problem = $"cannot be looked at: {error.Message}" };
        }
    }

    // The name is shown with its bad bytes written out, so that two of them do not look the same.
    private FoundFile DescribeUnopenable(string root, string fullPath, bool isFolder)
    {
        string name = Path.GetFileName(fullPath);
        string path = Relative(root, fullPath);
        FoundFile found = new(root, isFolder ? path + "/" : path, fullPath, 0, DateTimeOffset.UnixEpoch);
        if (name.StartsWith('.'))
        {
            return found with { Exclusion = isFolder ? "hidden folder" : "hidden file" };
        }

        if (exclude.FirstOrDefault(pattern => pattern.IsMatch(path)) is { } pattern)
        {
            return found with { Exclusion = $"excluded by the pattern '{pattern.Text}'" };
        }

        string what = isFolder ? "the name of the folder is not UTF-8, so nothing in it can be opened" : "the name is not UTF-8";
        return found with { Problem = $"{what}: {name}; rename it" };
    }

    private string? ExclusionOf(string root, FileSystemInfo folder, string target)
    {
        if (folder.Name.StartsWith('.'))
        {
            return "hidden folder";
        }

        string path = Relative(root, folder.FullName);
        if (exclude.FirstOrDefault(pattern => pattern.IsMatch(path)) is { } pattern)
        {
            return $"excluded by the pattern '{pattern.Text}'";
        }

        if (folder.FullName == dataFolder || target == dataFolder)
        {
            return "the data folder of the library";
        }

        // A link into the folders being walked would list the same files twice, or for ever.
        bool isKnown = folder.LinkTarget is not null
            && (_entered.Contains(target) || _entered.Any(entered => IsUnder(target, entered) || IsUnder(entered, target)));
        return isKnown || _entered.Contains(target) ? $"a link to {target}, which is walked already" : null;
    }

    private static (FileSystemInfo[] Entries, (string Name, bool IsFolder)[] Unopenable, string? Problem) List(string folder)
    {
        try
        {
            EnumerationOptions everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };
            FileSystemInfo[] all = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", everything)];
            FileSystemInfo[] entries = [.. all.Where(CanBeOpened).Select(Resolve)];
            Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return (entries, entries.Length == all.Length ? [] : [.. FolderNames.ListNonUtf8(folder)], null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ([], [], $"cannot be listed: {error.Message}");
        }
    }

    // A name may hold U+FFFD in truth; then it is there under that name, be it a link to nothing.
    private static bool CanBeOpened(FileSystemInfo entry) =>
        !FolderNames.IsSuspect(entry.Name) || Path.Exists(entry.FullName) || new FileInfo(entry.FullName).LinkTarget is not null;

    // A link to a folder is listed as a folder, and a link to nothing as a file.
    private static FileSystemInfo Resolve(FileSystemInfo entry) =>
        entry is FileInfo { LinkTarget: not null } && Directory.Exists(entry.FullName) ? new DirectoryInfo(entry.FullName) : entry;

    private static string RealPath(string folder) =>
        new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);

    internal static bool IsUnder(string path, string folder) =>
        path.Length > folder.Length && path.StartsWith(folder, StringComparison.Ordinal)
        && (folder.EndsWith(Path.DirectorySeparatorChar) || path[folder.Length] == Path.DirectorySeparatorChar);

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
}
