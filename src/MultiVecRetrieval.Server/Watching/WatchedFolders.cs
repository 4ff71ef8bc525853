using MultiVecRetrieval.Server.Endpoints;

namespace MultiVecRetrieval.Server.Watching;

/// <summary>What is watched of one collection.</summary>
/// <param name="Collection">Its name.</param>
/// <param name="Paths">Absolute paths; empty for all folders that were indexed into it.</param>
internal sealed record WatchedFolders(string Collection, IReadOnlyList<string> Paths)
{
    private const string Setting = "server:watch";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="ServerOptionsException">An item is none, or contradicts another one.</exception>
    public static IReadOnlyList<WatchedFolders> Parse(IReadOnlyList<string> items) =>
    [
        .. items.Select(ParseItem).GroupBy(item => item.Collection, StringComparer.Ordinal).Select(group =>
        {
            string[] paths = [.. group.Select(item => item.Path).OfType<string>().Distinct(StringComparer.Ordinal)];
            return paths.Length == 0 || group.All(item => item.Path is not null)
                ? new WatchedFolders(group.Key, paths)
                : throw new ServerOptionsException(Setting, $"'{group.Key}' stands with and without a path; give one of the two");
        }),
    ];

    private static (string Collection, string? Path) ParseItem(string item)
    {
        int equals = item.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? item : item[..equals]).Trim();
        string? path = equals < 0 ? null : item[(equals + 1)..].Trim();
        if (!Parameters.IsCollectionName(name))
        {
            throw new ServerOptionsException(Setting, $"'{name}' is no name of a collection; expected COLLECTION=PATH or COLLECTION");
        }

        return path is null || Path.IsPathFullyQualified(path) ? (name, path)
            : throw new ServerOptionsException(Setting, $"'{path}' is not an absolute path");
    }
}
