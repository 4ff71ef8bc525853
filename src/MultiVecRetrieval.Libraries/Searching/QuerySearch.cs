using System.Diagnostics;
using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Libraries.Pictures;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Turns a question into rows for every space that can answer it, and searches.</summary>
internal sealed class QuerySearch(
    ModelShelf models, PictureSource pictures, AttributeSpaces attributes, LibraryOptions options)
{
    /// <summary>Said where no hit is likely.</summary>
    public const string NothingMatches = "Nothing here matches the query; these are the nearest.";

    private static readonly ActivitySource Source = new(Activities.SourceName);

    /// <summary>Searches one generation: the example, its neighbours and what is shown of them are all of it.</summary>
    public SearchResult Search(Snapshot snapshot, LibraryQuery query, CancellationToken cancellationToken) => query.Rerank is null
        ? SearchOnce(snapshot, query, cancellationToken)
        : new HitReranking(models, options).Search(
            snapshot, query, deep => SearchOnce(snapshot, deep, cancellationToken), cancellationToken);

    private SearchResult SearchOnce(Snapshot snapshot, LibraryQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueryPart> parts = query.AllParts;
        QueryRules.Check(query, parts);
        long start = Stopwatch.GetTimestamp();
        PartEncoder encoder = new(snapshot, query, models, pictures, attributes, options, cancellationToken);
        IReadOnlyList<EncodedPart> encoded = Encode(encoder, parts, query.Collection);
        double encodeMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long composed = Stopwatch.GetTimestamp();
        QueryComposer composer = new(query, encoded, encoder.EncodeLine);
        SearchRequest? request = composer.Compose(new SearchRequest(query));
        double composeMs = Stopwatch.GetElapsedTime(composed).TotalMilliseconds;
        SearchResult found = request is null ? new SearchResult { Hits = [], IsExact = true, CandidateCount = 0 }
            : query.Combine == QueryCombination.Sequence ? SearchEvents(snapshot, request, composer.Events, cancellationToken)
            : snapshot.Search(request, cancellationToken);
        return Finish(snapshot, query, request, found, composer, [.. encoder.Notices, .. composer.Notices]) with
        {
            TimingsMs = new Dictionary<string, double>(found.TimingsMs) { ["encode"] = encodeMs, ["compose"] = composeMs },
        };
    }

    private static IReadOnlyList<EncodedPart> Encode(PartEncoder encoder, IReadOnlyList<QueryPart> parts, string collection)
    {
        using Activity? activity = Source.StartActivity("mvr.encode")?.SetTag("mvr.collection", collection);
        return encoder.Encode(parts);
    }

    public IReadOnlyList<HeatMap> GetHeatMaps(Snapshot snapshot, string collection, string entryKey, QueryPart part, double? time,
        CancellationToken cancellationToken)
    {
        QueryRules.CheckPart(part, "The part");
        Entry entry = snapshot.Entries.Find(entryKey) ?? throw new EntryNotFoundException(collection, entryKey);
        LibraryQuery query = new() { Collection = collection, Parts = [part] };
        EncodedPart asked = new PartEncoder(snapshot, query, models, pictures, attributes, options, cancellationToken).Encode([part])[0];
        return
        [
            .. snapshot.Spaces.Where(space => asked.Rows.ContainsKey(space.Name))
                .Select(space => (Asked: asked.Rows[space.Name], Rows: snapshot.Entries.GetVectors(entry.Key, space.Name)))
                .Where(space => space.Rows is { RowCount: > 0 })
                .Select(space => HeatMaps.Compute(space.Asked, space.Rows!, time)),
        ];
    }

    // What follows what is seen in rows, which the engine does not know as events.
    private static SearchResult SearchEvents(
        Snapshot snapshot, SearchRequest request, IReadOnlyList<int> events, CancellationToken cancellationToken)
    {
        Filter video = Filter.Equal("type", "video");
        SearchRequest deep = request with
        {
            Filter = request.Filter is null ? video : Filter.And(request.Filter, video),
            Top = EventRanking.Depth,
            Offset = 0,
            GroupSize = null,
            Explain = true,
        };
        SearchResult found = snapshot.Search(deep, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<SearchHit> ranked = new EventRanking(snapshot, request, events, cancellationToken)
            .Rank(found.Hits, request.Offset, request.Top);
        return found with
        {
            Hits = request.Explain ? ranked : [.. ranked.Select(hit => hit with { Matches = [], Passage = null })],
            HasMore = found.Hits.Count > request.Offset + request.Top,
            // Of more videos than are looked at another one might keep more by its order.
            IsExact = found.IsExact && !found.HasMore,
            TimingsMs = new Dictionary<string, double>(found.TimingsMs) { ["events"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds },
        };
    }

    // MaxSim ranks every entry, also when none has a word of the query: that is said, or the list looks like an answer. Matches of
    // a model that has no threshold are all likely, so this is said only where models know.
    private static SearchHit Show(SearchHit hit, ShownMatches shown)
    {
        SearchHit chosen = shown.Choose(hit);
        bool isLikely = chosen.IsLikely
            && (chosen.Sources.Count > 1 || chosen.Matches.Count == 0 || chosen.Matches.Any(match => match.IsLikely));
        return chosen with
        {
            IsLikely = isLikely,
            Others = [.. chosen.Others.Select(other => Show(other, shown)).Where(other => other.IsLikely || !isLikely)],
        };
    }

    private SearchResult Finish(Snapshot snapshot, LibraryQuery query, SearchRequest? request, SearchResult found,
        QueryComposer composer, IReadOnlyList<string> noticed)
    {
        List<string> notices = [.. noticed];
        ShownMatches shown = new(snapshot, models, request?.Parts ?? []);
        SearchHit[] hits = [.. found.Hits.Select(hit => Place(Show(hit, shown), composer.Places))];
        if (query.Filter is not null && found.TimingsMs.Count > 0 && found.CandidateCount == 0)
        {
            notices.Add("No entry passes the filter.");
        }

        if (query.Explain && hits.Length > 0 && query.AllParts.Any(part => part.Text is not null) && !hits.Any(hit => hit.IsLikely))
        {
            notices.Add(NothingMatches);
        }

        return found with
        {
            Hits = hits,
            Formula = composer.Formula,
            Notices = [.. notices.Concat(found.Notices).Distinct(StringComparer.Ordinal)],
        };
    }

    // Parts that had nothing to compare are no parts of the request.
    private static SearchHit Place(SearchHit hit, IReadOnlyList<int> places) => hit with
    {
        Matches = [.. hit.Matches.Select(match => match with { Part = places[match.Part] })],
        Sources = [.. hit.Sources.Select(source => source with { Part = places[source.Part] })],
        Others = [.. hit.Others.Select(other => Place(other, places))],
    };
}
