using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>
/// Joins the sides of a search by how much each knows about the query, not by ranks: what a side finds is turned into evidence in [0, 1],
/// and an entry has the evidence of the side that speaks for it most.
/// </summary>
/// <remarks>
/// <para>
/// Words and meaning of the same text are weighed by a gate: c is the share of the query's words, by their rarity, that the best of the
/// first three by words has, and g = c^3. Evidence of text = g * words + (1 - g) * meaning. A query in the words of a text
/// (c near 1) is answered by words, one in other words by meaning.
/// </para>
/// <para>
/// Words: BM25 as a share of the best BM25; for entries without text, and videos, the share of the query that is seen. Meaning and
/// pictures: the logistic of the similarity around the one from which the model takes a thing to be there; of a model without such a value,
/// the similarity as a share between that of the hundredth and the best hit, less what words already found.
/// </para>
/// </remarks>
internal sealed class EvidenceFusion(SqliteConnection connection, SegmentSet set)
{
    private const int GateDepth = 3;
    private const int ReferenceRank = 100;

    /// <summary>The evidence of every entry that a side ranks, in [0, 1].</summary>
    public Dictionary<long, double> Fuse(IReadOnlyList<RankedSide> sides)
    {
        RankedSide? text = sides.FirstOrDefault(side => side.Text is not null);
        Dictionary<long, double> words = text is null ? [] : ShareOfBest(text.Known);
        Dictionary<long, double> seen = [];
        foreach (RankedSide side in sides.Where(side => side.Vectors?.Kind == EvidenceKind.Words))
        {
            TakeMost(seen, SeeWords(side, text));
        }

        double gate = FindGate(text, seen);
        Dictionary<long, double> meaning = [];
        Dictionary<long, double> fused = new(seen);
        List<(Dictionary<long, double> Evidence, double Weight)> likeness = [];
        foreach (RankedSide side in sides)
        {
            switch (side.Vectors?.Kind)
            {
                case EvidenceKind.Passages:
                    TakeMost(meaning, Judge(side, 1));
                    break;
                case EvidenceKind.Pictures:
                    TakeMost(fused, Judge(side, 1 - (gate / 2)));
                    break;
                case EvidenceKind.Likeness:
                    likeness.Add((ShareOfRange(side.Known), side.Vectors.Weight));
                    break;
                case null when side.Text is null:
                    // Copies: their scores are shares already.
                    TakeMost(fused, side.Known.ToDictionary(entry => entry.EntryId, entry => entry.Score));
                    break;
            }
        }

        bool hasMeaning = sides.Any(side => side.Vectors?.Kind == EvidenceKind.Passages);
        double share = text is null ? 0 : hasMeaning ? gate : 1;
        TakeMost(fused, words.Keys.Union(meaning.Keys).ToDictionary(
            id => id, id => (share * words.GetValueOrDefault(id)) + ((1 - share) * meaning.GetValueOrDefault(id))));
        TakeMost(fused, Average(likeness));
        return fused;
    }

    private static double FindGate(RankedSide? text, Dictionary<long, double> seen)
    {
        if (text?.Text is not { } side)
        {
            return 0;
        }

        double coverage = side.Cover([.. text.Entries.Take(GateDepth).Select(entry => entry.EntryId)]).Values.DefaultIfEmpty(0).Max();
        coverage = Math.Max(coverage, seen.Values.DefaultIfEmpty(0).Max());
        return Math.Min(1, coverage * coverage * coverage);
    }

    // Which words of the query a picture shows. What has a text is judged by that: reading its letters again tells nothing new.
    private Dictionary<long, double> SeeWords(RankedSide side, RankedSide? text)
    {
        VectorSide vectors = side.Vectors!;
        double presence = vectors.Presence ?? 0;
        EntrySet? readBySight = text is null ? null : set.GetReadBySight(connection);
        Dictionary<long, double> seen = [];
        foreach (ScoredEntry entry in side.Known)
        {
            if (readBySight?.Contains(entry.EntryId) == false)
            {
                continue;
            }

            // A word counts once, however often the query has it.
            HitMatch[] matches =
                [.. vectors.Explain(entry.EntryId).DistinctBy(match => match.Label.Length > 0 ? match.Label : match.ToString())];
            double sum = 0;
            foreach (HitMatch match in matches)
            {
                double share = text?.Text is { } query ? query.GetShare(match.Label) : 1.0 / matches.Length;
                sum += share * Logistic(match.Similarity, presence, vectors.PresenceWidth);
            }

            seen[entry.EntryId] = Math.Min(1, sum);
        }

        return seen;
    }

    private static Dictionary<long, double> Judge(RankedSide side, double trust)
    {
        VectorSide vectors = side.Vectors!;
        if (vectors.Presence is { } presence)
        {
            return side.Known.ToDictionary(
                entry => entry.EntryId,
                entry => Logistic(entry.Score / vectors.WeightSum, vectors.GetPresence(entry.EntryId, presence), vectors.PresenceWidth));
        }

        return ShareOfRange(side.Known).ToDictionary(pair => pair.Key, pair => trust * pair.Value);
    }

    // One half at the presence, 0.98 a width above it, 0.02 a width below.
    private static double Logistic(double similarity, double presence, double width) =>
        1 / (1 + Math.Exp(-4 * (similarity - presence) / width));

    private static Dictionary<long, double> ShareOfBest(IReadOnlyList<ScoredEntry> entries)
    {
        double best = entries.Count == 0 ? 0 : entries[0].Score;
        return entries.ToDictionary(entry => entry.EntryId, entry => best > 0 ? Math.Max(0, entry.Score / best) : 0);
    }

    private static Dictionary<long, double> ShareOfRange(IReadOnlyList<ScoredEntry> entries)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        double best = entries[0].Score;
        double least = entries[Math.Min(entries.Count, ReferenceRank) - 1].Score;
        return entries.ToDictionary(
            entry => entry.EntryId, entry => best > least ? Math.Max(0, (entry.Score - least) / (best - least)) : 1);
    }

    private static Dictionary<long, double> Average(List<(Dictionary<long, double> Evidence, double Weight)> sides)
    {
        Dictionary<long, double> sums = [];
        double all = sides.Sum(side => side.Weight);
        foreach ((Dictionary<long, double> evidence, double weight) in sides)
        {
            foreach ((long id, double value) in evidence)
            {
                sums[id] = sums.GetValueOrDefault(id) + (value * weight / all);
            }
        }

        return sums;
    }

    private static void TakeMost(Dictionary<long, double> most, Dictionary<long, double> evidence)
    {
        foreach ((long id, double value) in evidence)
        {
            most[id] = Math.Max(most.GetValueOrDefault(id), value);
        }
    }
}
