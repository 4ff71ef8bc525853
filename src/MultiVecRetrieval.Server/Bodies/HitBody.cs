namespace MultiVecRetrieval.Server.Bodies;

/// <summary>An entry that was found.</summary>
public sealed record HitBody
{
    /// <summary>Key of the entry.</summary>
    public required string Key { get; init; }

    /// <summary>Key of its document.</summary>
    public required string Document { get; init; }

    /// <summary>Title of the document, when it has one.</summary>
    public string? Title { get; init; }

    /// <summary>Position among all hits, from 1; of <see cref="Others"/> within the document, from 2.</summary>
    public required int Rank { get; init; }

    /// <summary>image, page, video, text or record.</summary>
    public required string Type { get; init; }

    /// <summary>MIME type of the document's file.</summary>
    public required string ContentType { get; init; }

    /// <summary>Number of the page, or of the section, slide or sheet, from 1.</summary>
    public int? Page { get; init; }

    /// <summary>The moment [start, end] at which the query as a whole matches best, in seconds of the video.</summary>
    public IReadOnlyList<double>? Span { get; init; }

    /// <summary>Box [left, top, right, bottom] of the best match at that moment, as shares of width and height; of a
    /// text, how far down in it the lines stand.</summary>
    public IReadOnlyList<double>? Box { get; init; }

    /// <summary>Of a video the stretches in which the query as a whole is met more than in the rest, best first.</summary>
    public required IReadOnlyList<MomentBody> Moments { get; init; }

    /// <summary>Of a video, where parts were asked for in sequence, the stretch of each part that is looked for, in their order.</summary>
    public required IReadOnlyList<MomentBody> Events { get; init; }

    /// <summary>Higher is closer. Comparable within one answer only.</summary>
    public required double Score { get; init; }

    /// <summary>The sides that found it, each with the rank it gave.</summary>
    public required IReadOnlyList<SourceBody> Sources { get; init; }

    /// <summary>What matched where, best first; empty unless asked for. A hit without any likely match has its best one.</summary>
    public required IReadOnlyList<MatchBody> Matches { get; init; }

    /// <summary>False when nothing says that this is an answer: the nearest of what there is, to be shown apart.</summary>
    public required bool IsLikely { get; init; }

    /// <summary>What to read of its text; absent when it has none that matched, or when explanations were not asked for.</summary>
    public PassageBody? Passage { get; init; }

    /// <summary>Other hits of the document, best first, when hits are grouped.</summary>
    public required IReadOnlyList<HitBody> Others { get; init; }

    /// <summary>How the text of a text begins, where it has no passage that matched.</summary>
    public string? Excerpt { get; init; }

    /// <summary>Width in pixels of an image or frame, in points of a page; 0 of a text.</summary>
    public required int Width { get; init; }

    /// <summary>Height in the unit of the width.</summary>
    public required int Height { get; init; }

    /// <summary>Length of a video in seconds.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>A small JPEG of the entry, at its best moment; absent for a text and a record.</summary>
    public string? ThumbnailUrl { get; init; }

    /// <summary>A large JPEG of the entry, at its best moment; absent for a text and a record.</summary>
    public string? PictureUrl { get; init; }

    /// <summary>The original file.</summary>
    public string? FileUrl { get; init; }

    /// <summary>Maps a hit; <paramref name="links"/> adds addresses where there is a server to serve them, and
    /// <paramref name="excerptOf"/> how the text of a text begins.</summary>
    public static HitBody From(SearchHit hit, EntryLinks? links = null, Func<Entry, string?>? excerptOf = null)
    {
        ArgumentNullException.ThrowIfNull(hit);
        List<MatchBody> matches = [.. hit.Matches.OrderByDescending(match => match.Similarity).Select(MatchBody.From)];
        // The library puts the matches of a video's best moment first.
        IReadOnlyList<double>? span = hit.Matches.Select(match => MatchBody.From(match).Span).FirstOrDefault(span => span is not null);
        return new HitBody
        {
            Key = hit.Entry.Key,
            Document = hit.Document.Key,
            Title = hit.Document.Title,
            Rank = hit.Rank,
            Type = EntryBody.Name(hit.Entry.MediaType),
            ContentType = hit.Document.ContentType,
            Page = hit.Entry.Page,
            Span = span,
            Box = matches.FirstOrDefault(match => match.Box is not null
                && (span is null || (match.Span is { } own && own.SequenceEqual(span))))?.Box,
            Moments = [.. hit.Moments.Select(MomentBody.From)],
            Events = [.. hit.Events.Select(MomentBody.From)],
            Score = hit.Score,
            Sources = [.. hit.Sources.Select(source => new SourceBody(source.Name, source.Rank, source.Score, source.Part))],
            Matches = matches,
            IsLikely = hit.IsLikely,
            Passage = PassageBody.From(hit.Passage),
            Others = [.. hit.Others.Select(other => From(other, links, excerptOf))],
            Excerpt = hit.Passage is null ? excerptOf?.Invoke(hit.Entry) : null,
            Width = hit.Entry.Width,
            Height = hit.Entry.Height,
            DurationSeconds = hit.Entry.DurationSeconds,
            ThumbnailUrl = links?.Picture(hit.Entry, hit.Document.ContentHash, EntryLinks.ThumbnailSize, Moment(span)),
            PictureUrl = links?.Picture(hit.Entry, hit.Document.ContentHash, EntryLinks.PictureSize, Moment(span)),
            FileUrl = links?.File(hit.Document.Key, hit.Document.ContentHash),
        };
    }

    // The middle of a span is inside the shot; its first frame can still show the one before.
    private static double? Moment(IReadOnlyList<double>? span) => span is null ? null : (span[0] + span[1]) / 2;
}
