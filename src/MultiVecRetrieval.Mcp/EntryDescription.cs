using MultiVecRetrieval.Mcp.Shapes;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Mcp;

/// <summary>Puts entries and hits into words.</summary>
internal static class EntryDescription
{
    private const int ExcerptLength = 600;

    /// <summary>The lower-case name of a type.</summary>
    public static string Name(MediaType type) => type.ToString().ToLowerInvariant();

    /// <summary>The title that the file gives itself, else its name, with the page.</summary>
    public static string Title(Document document, Entry? entry)
    {
        string title = string.IsNullOrWhiteSpace(document.Title) ? document.Key[(document.Key.LastIndexOf('/') + 1)..] : document.Title;
        return entry?.Page is { } page && document.EntryCount > 1
            ? $"{title} ({(entry.MediaType == MediaType.Page ? "page" : "part")} {page})"
            : title;
    }

    /// <summary>A hit as a result.</summary>
    public static FoundItem Describe(McpOptions options, string collection, Collection store, SearchHit hit, double score, bool isLikely)
    {
        double[]? moment = FindMoment(hit);
        return new FoundItem
        {
            Id = new EntryId(collection, hit.Entry.Key).ToString(),
            Title = Title(hit.Document, hit.Entry),
            Url = FileAddress.WithPlace(options.DocumentAddress(collection, hit.Document), hit.Document, hit.Entry, moment),
            Text = hit.Passage is { } passage ? Quote(passage) : Begin(store.Entries.GetText(hit.Entry.Key)?.Text),
            Collection = collection,
            Type = Name(hit.Entry.MediaType),
            Page = hit.Entry.Page,
            Moment = moment,
            Score = Math.Round(score, 4),
            IsLikely = isLikely,
            Others = hit.Others.Count == 0 ? null : [.. hit.Others.Select(other => new EntryId(collection, other.Entry.Key).ToString())],
        };
    }

    /// <summary>Start and end of the moment of a video that matches best; null where none does.</summary>
    public static double[]? FindMoment(SearchHit hit)
    {
        // The library puts the matches of a video's best moment first.
        Place place = hit.Matches.Select(match => match.Place).FirstOrDefault(place => place.HasSpan);
        return place.HasSpan ? [Math.Round(place.StartSeconds, 3), Math.Round(place.EndSeconds, 3)] : null;
    }

    private static string Quote(HitPassage passage) =>
        $"{(passage.IsCutBefore ? "... " : "")}{passage.Text}{(passage.IsCutAfter ? " ..." : "")}";

    private static string? Begin(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : text.Length <= ExcerptLength ? text.Trim()
        : $"{text[..(char.IsHighSurrogate(text[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength)].Trim()} ...";
}
