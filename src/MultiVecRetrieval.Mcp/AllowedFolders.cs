namespace MultiVecRetrieval.Mcp;

/// <summary>The folders below which files may be indexed for somebody who is not the user of this machine.</summary>
/// <param name="folders">Absolute paths.</param>
/// <param name="setting">The setting or option that lists them, named in errors.</param>
public sealed class AllowedFolders(IReadOnlyList<string> folders, string setting)
{
    /// <summary>The folders.</summary>
    public IReadOnlyList<string> Folders { get; } = folders;

    /// <summary>The real path of <paramref name="path"/>, every link followed, when it lies below one of the folders.</summary>
    /// <exception cref="PathNotAllowedException">It does not exist, is not absolute, or lies elsewhere.</exception>
    public string Resolve(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Folders.Count == 0)
        {
            throw Forbidden($"No files are indexed by path here; list folders in {setting} to allow it.");
        }

        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new PathNotAllowedException($"'{path}' is not an absolute path.", isForbidden: false);
        }

        // The answer is the same whether a path outside is there or not, so it cannot be used to look around.
        string real = RealPath(Path.GetFullPath(path));
        if (!Folders.Any(folder => IsBelow(real, RealPath(Path.GetFullPath(folder)))))
        {
            throw Forbidden($"'{path}' is not below a folder of {setting}.");
        }

        return Path.Exists(real) ? real : throw new PathNotAllowedException($"'{path}' does not exist.", isForbidden: false);
    }

    private static PathNotAllowedException Forbidden(string message) => new(message, isForbidden: true);

    private static bool IsBelow(string path, string root)
    {
        string prefix = root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar;
        return path.Equals(root, StringComparison.Ordinal) || path.StartsWith(prefix, StringComparison.Ordinal);
    }

    // Follows the links of every component: a link inside an allowed folder must not lead out of it.
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            FileSystemInfo? target = Directory.Exists(real)
                ? Directory.ResolveLinkTarget(real, returnFinalTarget: true)
                : File.Exists(real) ? File.ResolveLinkTarget(real, returnFinalTarget: true) : null;
            if (target is not null)
            {
                real = RealPath(target.FullName);
            }
        }

        return real;
    }
}
