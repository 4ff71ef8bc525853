namespace MultiVecRetrieval.Server.Access;

/// <summary>Decides which files of this machine may be indexed over HTTP.</summary>
internal static class AllowedPaths
{
    /// <summary>The real path of <paramref name="path"/>, every link followed, when it lies below an allowed root.</summary>
    /// <exception cref="RequestException">It does not exist, is not absolute, or lies elsewhere.</exception>
    public static string Resolve(string path, IReadOnlyList<string> allowedRoots)
    {
        if (allowedRoots.Count == 0)
        {
            throw Forbidden("This server indexes no files by path; list folders in server:allowedRoots to allow it.");
        }

        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw RequestException.Invalid("paths", $"'{path}' is not an absolute path.");
        }

        // The answer is the same whether a path outside is there or not, so it cannot be used to look around.
        string real = RealPath(Path.GetFullPath(path));
        if (!allowedRoots.Any(root => IsBelow(real, RealPath(Path.GetFullPath(root)))))
        {
            throw Forbidden($"'{path}' is not below a folder of server:allowedRoots.");
        }

        return Path.Exists(real) ? real : throw RequestException.Invalid("paths", $"'{path}' does not exist.");
    }

    private static RequestException Forbidden(string detail) =>
        new(StatusCodes.Status403Forbidden, "path-not-allowed", detail) { Parameter = "paths", Setting = "server:allowedRoots" };

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
