using System.IO.Enumeration;

namespace MultiVecRetrieval.Server.Access;

/// <summary>What a key allows.</summary>
/// <param name="Name">What the operator calls it; in logs in place of the key.</param>
/// <param name="Hash">SHA-256 of the key.</param>
/// <param name="CanWrite">False where it only reads.</param>
/// <param name="Collections">Names of collections, <c>*</c> for any characters; empty for all.</param>
internal sealed record AccessKey(string Name, byte[] Hash, bool CanWrite, IReadOnlyList<string> Collections)
{
    /// <summary>True when it is for this collection.</summary>
    public bool Covers(string collection) =>
        Collections.Count == 0
        || Collections.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, collection, ignoreCase: false));

    /// <summary>The key of a request; null where there are no keys, and everything is allowed.</summary>
    public static AccessKey? Of(HttpContext context) => context.Items[typeof(AccessKey)] as AccessKey;

    /// <summary>Refuses a collection that a request names besides the one in its address.</summary>
    /// <exception cref="RequestException">The key is for others.</exception>
    public static void Check(HttpContext context, string collection)
    {
        if (Of(context) is { } key && !key.Covers(collection))
        {
            throw Foreign(key, collection);
        }
    }

    /// <summary>Says that a key is for other collections.</summary>
    public static RequestException Foreign(AccessKey key, string? collection) => new(
        StatusCodes.Status403Forbidden, "key-not-for-this",
        $"The key '{key.Name}' is for the collections {string.Join(", ", key.Collections)}"
        + (collection is null ? "; this route is about others, too." : $", not for '{collection}'."));
}
