using MultiVecRetrieval.Mcp;

namespace MultiVecRetrieval.Server.Access;

/// <summary>Decides which files of this machine may be indexed over HTTP.</summary>
internal static class AllowedPaths
{
    /// <summary>The setting that lists the folders.</summary>
    public const string Setting = "server:allowedRoots";

    /// <summary>The real path of <paramref name="path"/>, every link followed, when it lies below an allowed root.</summary>
    /// <exception cref="RequestException">It does not exist, is not absolute, or lies elsewhere.</exception>
    public static string Resolve(string path, IReadOnlyList<string> allowedRoots)
    {
        try
        {
            return new AllowedFolders(allowedRoots, Setting).Resolve(path);
        }
        catch (PathNotAllowedException e)
        {
            throw e.IsForbidden
                ? new RequestException(StatusCodes.Status403Forbidden, "path-not-allowed", e.Message) { Parameter = "paths", Setting = Setting }
                : RequestException.Invalid("paths", e.Message);
        }
    }
}
