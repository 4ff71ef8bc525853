using System.Globalization;

namespace MultiVecRetrieval.Cluster.Copies;

/// <summary>The names of objects in a store of copies.</summary>
internal static class CopyKeys
{
    public const string Blocks = "blocks/";
    public const string Copies = "copies/";
    public const string PushMarks = "marks/push-";
    public const string CollectMarks = "marks/collect-";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Extension = ".json";

    public static string OfBlock(string hash) => $"{Blocks}{hash[..2]}/{hash}";

    public static string OfCollection(string collection) => $"{Copies}{Uri.EscapeDataString(collection)}/";

    public static string OfCopy(string collection, string id) => OfCollection(collection) + id + Extension;

    /// <summary>The id of a copy: when it was made, and the beginning of its list's SHA-256.</summary>
    public static string GetId(DateTimeOffset createdAt, string hash) =>
        $"{createdAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{hash}";

    /// <summary>What a key says; null for one of another kind.</summary>
    public static CopyInfo? ReadCopy(string key)
    {
        string[] parts = key.Split('/');
        if (parts is not ["copies", var collection, var name] || !name.EndsWith(Extension, StringComparison.Ordinal))
        {
            return null;
        }

        string id = name[..^Extension.Length];
        return DateTimeOffset.TryParseExact(
            id.Split('-')[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset createdAt)
            ? new CopyInfo(id, Uri.UnescapeDataString(collection), createdAt)
            : null;
    }
}
