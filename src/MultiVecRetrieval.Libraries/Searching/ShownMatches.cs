using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>
/// Chooses which matches of a hit are shown, and says of each whether it is one. Every query row has a best row in every entry, also
/// where the word is absent; a model that knows from which similarity on a word is there says so. Ranking is not touched.
/// </summary>
/// <remarks>
/// Of a hit without any likely match, the best one is kept and flagged: it ranked for a reason, a video must open somewhere, and what
/// is shown as doubtful misleads nobody.
/// </remarks>
internal sealed class ShownMatches
{
    private const string TextSource = "text";

    private const int MaxMoments = 5;

    private readonly Snapshot _snapshot;
    private (double Sureness, IReadOnlyList<Moment> Found) _moments;
    private readonly Dictionary<(string Source, int Part), (VectorQuery Query, double Presence)> _sides;

    public ShownMatches(Snapshot snapshot, ModelShelf models, IReadOnlyList<SearchPart> parts)
    {
        _snapshot = snapshot;
        _sides = parts.SelectMany((part, i) => part.Vectors.Select(query => (Query: query, Part: i))).ToDictionary(
            side => ($"vectors:{side.Query.Space}", side.Part),
            side => (side.Query, FindPresence(snapshot.Spaces.First(space => space.Name == side.Query.Space), models)));
    }

    /// <summary>The hit with its shown matches: those of a video's best moment first, then likely ones, then the others.</summary>
    public SearchHit Choose(SearchHit hit)
    {
        if (hit.Matches.Count == 0)
        {
            return hit;
        }

        _moments = (double.NegativeInfinity, []);

        List<HitMatch> matches = [];
        // A side that knows what is there decides about the moment before one that does not.
        foreach (IGrouping<(string, int), HitMatch> side in hit.Matches.GroupBy(match => (match.Source, match.Part))
            .OrderBy(side => _sides.TryGetValue(side.Key, out (VectorQuery Query, double Presence) known)
                && double.IsFinite(known.Presence) ? 0 : 1))
        {
            matches.AddRange(_sides.TryGetValue(side.Key, out (VectorQuery Query, double Presence) asked)
                ? Judge(hit, [.. side], asked.Query, asked.Presence)
                : side);
        }

        if (hit.Entry.MediaType == MediaType.Video && FindSaid(matches) is { } said)
        {
            // Words that were said are surer than anything that looks or means alike: the moment is theirs.
            matches = [.. matches.OrderBy(match => match.Source == TextSource && IsAt(match, said) ? 0 : 1)];
        }

        HitMatch[] likely = [.. matches.Where(match => match.IsLikely)];
        return hit with
        {
            Matches = likely.Length > 0 ? likely : [matches.MaxBy(Closeness)!],
            Moments = hit.IsLikely ? _moments.Found : [],
        };
    }

    // The moment at which most of the words were said; the earliest of several.
    private static Place? FindSaid(List<HitMatch> matches) => matches
        .Where(match => match.Source == TextSource).SelectMany(match => match.Places.Where(place => place.HasSpan)
            .Select(place => (match.Label, Place: place)))
        .GroupBy(said => (said.Place.StartSeconds, said.Place.EndSeconds))
        .OrderByDescending(moment => moment.Select(said => said.Label).Distinct().Count()).ThenBy(moment => moment.Key.StartSeconds)
        .Select(moment => (Place?)moment.First().Place).FirstOrDefault();

    private static bool IsAt(HitMatch match, Place moment) => match.Places.Any(
        place => place.StartSeconds == moment.StartSeconds && place.EndSeconds == moment.EndSeconds);

    private IEnumerable<HitMatch> Judge(SearchHit hit, HitMatch[] matches, VectorQuery query, double presence)
    {
        HitMatch[] judged = [.. matches.Select(match => match with { IsLikely = match.Similarity >= presence })];
        if (hit.Entry.MediaType != MediaType.Video)
        {
            return judged;
        }

        // The box and span around all places of a merged row are no moment; the nearest of them is.
        judged = [.. judged.Select(match => match.Place.HasSpan
            ? match with { Place = match.Places[0], Places = [match.Places[0]] }
            : match)];
        if (_snapshot.Entries.GetVectors(hit.Entry.Key, query.Space) is not { } video
            || VideoFrame.Match((query.ExplainedBy ?? query.Rows).View, video) is not { Count: > 0 } frames)
        {
            return judged;
        }

        VideoFrame moment = VideoFrame.FindBest(frames, presence)!;
        KeepMoments(query.ExplainedBy is null ? frames : VideoFrame.Match(query.Rows.View, video), moment, query, presence);

        HitMatch[] together =
        [
            .. matches.Select((match, i) => match with
            {
                Similarity = moment.Similarities[i],
                Place = moment.Places[i],
                Places = [moment.Places[i]],
                IsLikely = moment.Similarities[i] >= presence,
            }),
        ];

        // A word that is seen at another moment only keeps that one.
        return together.Concat(judged.Where((match, i) => match.IsLikely && !together[i].IsLikely));
    }

    // Moments are those of the side whose best frame is nearest to what its model takes for real; what was said has times of its own.
    private void KeepMoments(IReadOnlyList<VideoFrame> frames, VideoFrame best, VectorQuery query, double presence)
    {
        double sureness = double.IsFinite(presence) ? (best.Similarities.Average() - presence) / query.PresenceWidth : -1;
        if (query.Kind != EvidenceKind.Passages && sureness > _moments.Sureness)
        {
            _moments = (sureness, VideoFrame.FindMoments(frames, MaxMoments));
        }
    }

    // Similarities of different models say nothing beside each other; how near each is to what its model takes for real does.
    private double Closeness(HitMatch match) =>
        _sides.TryGetValue((match.Source, match.Part), out (VectorQuery Query, double Presence) side) && double.IsFinite(side.Presence)
            ? (match.Similarity - side.Presence) / side.Query.PresenceWidth
            : match.Similarity;

    private static double FindPresence(Space space, ModelShelf models)
    {
        try
        {
            ModelContract contract = models.GetContract(models.FindForQueries(space));
            // A hit is an answer from this evidence on; its match says the same.
            double below = contract.IsSemantic
                ? contract.PresenceWidth / 4 * Math.Log((1 - SearchHit.LikelyEvidence) / SearchHit.LikelyEvidence)
                : 0;
            return contract.PresenceSimilarity - below ?? double.NegativeInfinity;
        }
        catch (ModelNotFoundException)
        {
            // A search by example needs no model; without one nobody knows what its similarities mean.
            return double.NegativeInfinity;
        }
    }
}
