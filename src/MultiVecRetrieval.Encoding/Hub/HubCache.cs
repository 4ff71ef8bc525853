namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A cache in the layout of Hugging Face's libraries. Read only.</summary>
/// <remarks>
/// models--owner--name/refs/REVISION holds a commit; snapshots/COMMIT/PATH is a link to blobs/CHECKSUM, whose name is the SHA-256 of a
/// large file and git's SHA-1 of a small one. Where links cannot be made, the snapshot holds the file itself.
/// </remarks>
internal sealed class HubCache(string cacheFolder, string repository)
{
    private readonly string _folder = Path.Combine(cacheFolder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>Where the repository would be.</summary>
    public string Folder => _folder;

    /// <summary>The commit of a revision; null when the cache does not know it.</summary>
    public string? FindCommit(string revision)
    {
        string reference = Path.Combine([_folder, "refs", .. revision.Split('/')]);
        string? commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision;
        return HubClient.IsCommit(commit) && Directory.Exists(Snapshot(commit)) ? commit : null;
    }

    /// <summary>The files of a commit that are there whole, by path; their checksums are the names of what their links lead to.</summary>
    public IReadOnlyDictionary<string, HubFile> List(string commit)
    {
        Dictionary<string, HubFile> files = new(StringComparer.Ordinal);
        string snapshot = Snapshot(commit);
        foreach (string path in Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(snapshot, path).Replace(Path.DirectorySeparatorChar, '/');
            if (Resolve(path) is { } target && FileDigest.TryParse(Path.GetFileName(target)) is { } digest)
            {
                files[name] = new HubFile(name, new FileInfo(target).Length, digest);
            }
        }

        return files;
    }

    /// <summary>The path of a file's bytes; null when it is not there in its size.</summary>
    public string? Find(HubFile file, string commit)
    {
        string? target = Resolve(Path.Combine(Snapshot(commit), file.Path));
        return target is not null && new FileInfo(target).Length == file.Size ? target : null;
    }

    private string Snapshot(string commit) => Path.Combine(_folder, "snapshots", commit);

    private static string? Resolve(string path)
    {
        FileInfo file = new(path);
        FileSystemInfo? target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
        return target is { Exists: true } ? target.FullName : null;
    }
}
