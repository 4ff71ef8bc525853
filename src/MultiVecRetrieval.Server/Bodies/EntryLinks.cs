using System.Globalization;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Addresses of what belongs to an entry. Keys go into the query part, where '/' and '#' need no special care.</summary>
/// <param name="Collection">Name of the collection.</param>
public sealed record EntryLinks(string Collection)
{
    /// <summary>Long side of a thumbnail in pixels.</summary>
    public const int ThumbnailSize = 640;

    /// <summary>Long side of a large picture in pixels.</summary>
    public const int PictureSize = 1600;

    private string Root => $"/v1/collections/{Uri.EscapeDataString(Collection)}";

    // The content hash in the address lets it be cached for good.
    private string Picture(string entryKey, string contentHash, int size, double? timeSeconds) =>
        $"{Root}/picture?key={Uri.EscapeDataString(entryKey)}&size={size}"
        + (timeSeconds is { } time ? $"&time={time.ToString("0.###", CultureInfo.InvariantCulture)}" : string.Empty)
        + $"&v={Version(contentHash)}";

    /// <summary>A JPEG of an entry; null for a text and a record, of which there is no picture.</summary>
    public string? Picture(Entry entry, string contentHash, int size, double? timeSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.MediaType is MediaType.Text or MediaType.Record ? null : Picture(entry.Key, contentHash, size, timeSeconds);
    }

    /// <summary>The original file.</summary>
    public string File(string documentKey, string contentHash) =>
        $"{Root}/file?key={Uri.EscapeDataString(documentKey)}&v={Version(contentHash)}";

    /// <summary>The part of a content hash that addresses carry.</summary>
    public static string Version(string contentHash)
    {
        ArgumentNullException.ThrowIfNull(contentHash);
        return contentHash.Length > 16 ? contentHash[..16] : contentHash;
    }
}
