using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>
/// Ranks videos by how well the parts of a question follow each other in them. Every part is looked for by the side that is surest of it in
/// that video: what is said, what is shown, what is written; the stretches of all parts are then placed in their order. A video keeps as
/// much of its evidence as the order leaves of what the parts explain by themselves.
/// </summary>
/// <param name="snapshot">The generation.</param>
/// <param name="request">The request.</param>
/// <param name="events">Which of its parts follow each other.</param>
/// <param name="cancellationToken">Stops between videos.</param>
internal sealed class EventRanking(
    Snapshot snapshot, SearchRequest request, IReadOnlyList<int> events, CancellationToken cancellationToken)
{
    /// <summary>The order is looked at in the best videos only: it takes their rows.</summary>
    public const int Depth = 200;

    private const string TextSource = "text";

    private readonly IReadOnlyList<SearchPart> _parts = request.Parts;

    /// <summary>The hits that are wanted, with their events, in their new order.</summary>
    /// <param name="hits">Videos that meet the parts, best first.</param>
    /// <param name="offset">Hits to skip.</param>
    /// <param name="top">Hits wanted.</param>
    public IReadOnlyList<SearchHit> Rank(IReadOnlyList<SearchHit> hits, int offset, int top) =>
    [
        .. hits.Select(Place).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Entry.Key, StringComparer.Ordinal)
            .Select((hit, i) => hit with { Rank = i + 1 }).Skip(offset).Take(top),
    ];

    private SearchHit Place(SearchHit hit)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Where nothing has a time, nothing follows anything.
        SearchHit without = hit with { Score = 0, IsLikely = false };
        IReadOnlyList<SeenSpan>[] seen = [.. events.Select(part => FindSpans(hit, part))];
        double[] cuts = [.. seen.SelectMany(spans => spans).SelectMany(span => new[] { span.Start, span.End }).Distinct().Order()];
        if (cuts.Length < 2)
        {
            return without;
        }

        double[] lengths = [.. cuts.Zip(cuts.Skip(1), (start, end) => end - start)];
        if (SequenceFinder.Find(lengths, [.. seen.Select(spans => Spread(spans, cuts))]) is not { } found)
        {
            return without;
        }

        double score = hit.Score * found.Share;
        return hit with
        {
            Score = score,
            IsLikely = hit.IsLikely && (request.Fusion.Method != FusionMethod.Evidence || score >= SearchHit.LikelyEvidence),
            Events = [.. found.Events.Select(own => new Moment(cuts[own.First], cuts[own.End], own.Score))],
        };
    }

    // Where no frame of a part is, it scores as its least one.
    private static double[] Spread(IReadOnlyList<SeenSpan> spans, double[] cuts)
    {
        double least = spans.Count == 0 ? 0 : spans.Min(span => span.Score);
        double[] scores = [.. Enumerable.Repeat(least, cuts.Length - 1)];
        foreach (SeenSpan span in spans)
        {
            for (int i = Array.BinarySearch(cuts, span.Start); i < scores.Length && cuts[i] < span.End; i++)
            {
                scores[i] = Math.Max(scores[i], span.Score);
            }
        }

        return scores;
    }

    private IReadOnlyList<SeenSpan> FindSpans(SearchHit hit, int part)
    {
        (double Sureness, IReadOnlyList<SeenSpan> Spans) best = FindSaid(hit, part);
        foreach (VectorQuery query in _parts[part].Vectors)
        {
            if (snapshot.Entries.GetVectors(hit.Entry.Key, query.Space) is not { } video
                || VideoFrame.Match(query.Rows.View, video) is not { Count: > 0 } frames)
            {
                continue;
            }

            SeenSpan[] spans = [.. frames.Select(frame =>
                new SeenSpan(frame.Place.StartSeconds, frame.Place.EndSeconds, frame.Similarities.Average()))];
            double sureness = query.Presence is { } presence
                ? (spans.Max(span => span.Score) - presence) / query.PresenceWidth
                : -1;
            if (best.Spans.Count == 0 || sureness > best.Sureness)
            {
                best = (sureness, spans);
            }
        }

        return best.Spans;
    }

    // 1 where all words of the part are said at one time, 0 where half of them are, as a model is sure or in doubt.
    private (double Sureness, IReadOnlyList<SeenSpan> Spans) FindSaid(SearchHit hit, int part)
    {
        if (_parts[part].Text is not { } text)
        {
            return (double.NegativeInfinity, []);
        }

        IReadOnlySet<string> common = SearchText.FindCommonWords(text);
        string[] words = [.. SearchText.WithoutOperators(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(SearchText.Fold).Distinct().Where(word => !common.Contains(word))];
        SeenSpan[] spans = [.. hit.Matches.Where(match => match.Source == TextSource && match.Part == part)
            .SelectMany(match => match.Places.Where(place => place.HasSpan).Select(place => (match.Label, Place: place)))
            .GroupBy(said => (said.Place.StartSeconds, said.Place.EndSeconds))
            .Select(said => new SeenSpan(said.Key.StartSeconds, said.Key.EndSeconds,
                Math.Min(1, said.DistinctBy(one => one.Label, StringComparer.OrdinalIgnoreCase).Count() / Math.Max(1.0, words.Length))))
            .Where(span => span.End > span.Start)];

        // Where nothing is said, nothing of it is there.
        return spans.Length == 0
            ? (double.NegativeInfinity, [])
            : ((2 * spans.Max(span => span.Score)) - 1,
                [new SeenSpan(0, hit.Entry.DurationSeconds ?? spans.Max(span => span.End), 0), .. spans]);
    }

    private sealed record SeenSpan(double Start, double End, double Score);
}
