using System.Text.Json;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Libraries.Records;

/// <summary>Runs the stages of a search of records on one generation of a collection.</summary>
/// <param name="snapshot">The generation.</param>
/// <param name="searchWords">Asks a question in words.</param>
/// <param name="encode">Encodes a text by the model of a space.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class RecordSearch(
    Snapshot snapshot, Func<string, Filter?, int, SearchResult> searchWords, Func<Space, string, MultiVector> encode,
    CancellationToken cancellationToken)
{
    private const int PageSize = 1_000;

    private readonly IReadOnlyList<Space> _spaces = [.. snapshot.Spaces.Where(space => space.State == SpaceState.Live)];

    private sealed record Ranked(string Key, double Score);

    /// <summary>The results of the last stage, best first.</summary>
    /// <param name="stage">The last stage.</param>
    /// <param name="offset">Results to skip.</param>
    public IReadOnlyList<RecordHit> Run(RecordStage stage, int offset) =>
        [.. Rank(stage with { Limit = checked(stage.Limit + offset) }).Skip(offset).Select(Load)];

    /// <summary>Results by the value of a field of their payload: groups in the order of their best.</summary>
    public IReadOnlyList<RecordGroup> RunGroups(RecordStage stage, string field, int size, int most)
    {
        for (int limit = Math.Max(100, 4 * most * size); ; limit = checked(limit * 4))
        {
            List<Ranked> ranked = Rank(stage with { Limit = limit });
            Dictionary<MetadataValue, List<RecordHit>> groups = [];
            foreach (RecordHit hit in ranked.Select(Load))
            {
                foreach (MetadataValue value in ValuesOf(hit, field).Distinct())
                {
                    if (!groups.TryGetValue(value, out List<RecordHit>? hits))
                    {
                        if (groups.Count == most)
                        {
                            continue;
                        }

                        groups.Add(value, hits = []);
                    }

                    if (hits.Count < size)
                    {
                        hits.Add(hit);
                    }
                }
            }

            bool isFull = groups.Count == most && groups.Values.All(hits => hits.Count == size);
            if (isFull || ranked.Count < limit)
            {
                return [.. groups.Select(group => new RecordGroup(group.Key, group.Value))];
            }
        }
    }

    private static IEnumerable<MetadataValue> ValuesOf(RecordHit hit, string field) =>
        hit.Document.Metadata.TryGetValue(field, out MetadataValue value) ? value.Elements.Where(element => element.Value is not bool)
        : hit.Document.MediaType == MediaType.Record ? []
        : field switch
        {
            "document" => [hit.Document.Key],
            "type" => [hit.Entry.MediaType.ToString().ToLowerInvariant()],
            "page" when hit.Entry.Page is { } page => [(double)page],
            _ => [],
        };

    private List<Ranked> Rank(RecordStage stage)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<List<Ranked>> before = [.. stage.Before.Select(Rank)];
        Filter? filter = before.Count == 0 ? stage.Filter : Both(stage.Filter,
            Filter.In("key", [.. before.SelectMany(ranked => ranked).Select(one => one.Key).Distinct().Select(key => (MetadataValue)key)]));
        List<Ranked> ranked = stage.Query switch
        {
            null => [.. ListKeys(filter, stage.Limit).Select(key => new Ranked(key, 0))],
            RecordQuery.Nearest nearest => Nearest(nearest, filter, stage, stage.Limit),
            RecordQuery.Understood text => Nearest(
                new RecordQuery.Nearest(text.Vectors, encode(FindSpace(text.Vectors), text.Text)), filter, stage, stage.Limit),
            RecordQuery.Diverse diverse => Diversify(diverse, Nearest(diverse.Query, filter, stage, diverse.CandidateLimit), stage.Limit),
            RecordQuery.Words words =>
                [.. searchWords(words.Text, filter, stage.Limit).Hits.Select(hit => new Ranked(hit.Entry.Key, hit.Score))],
            RecordQuery.Ordered ordered => [.. snapshot.Entries.ListInOrder(
                    ordered.Order, Both(filter, Filter.Exists(ordered.Order.Field)), limit: stage.Limit)
                .Select(entry => new Ranked(entry.Key, 0))],
            RecordQuery.Sample => Sample(filter, stage.Limit),
            RecordQuery joining when before.Count == 0 => throw new InvalidQueryException(
                $"{joining.GetType().Name} ranks what stages before it found; there is no prefetch.", "prefetch"),
            RecordQuery.ReciprocalRanks ranks => Keep(FuseRanks(before, ranks), filter),
            RecordQuery.SpreadScores => Keep(FuseScores(before), filter),
            RecordQuery.Formula formula => Keep(Compute(before, formula.Score), filter),
            _ => throw new NotSupportedException(),
        };
        return [.. ranked.Where(one => !(one.Score < stage.MinScore)).Take(stage.Limit)];

        // A filter of this stage is met by what the stages before found.
        List<Ranked> Keep(IEnumerable<Ranked> fused, Filter? condition)
        {
            if (stage.Filter is null)
            {
                return [.. Sort(fused)];
            }

            HashSet<string> met = [.. ListKeys(condition, int.MaxValue)];
            return [.. Sort(fused.Where(one => met.Contains(one.Key)))];
        }
    }

    private List<Ranked> Nearest(RecordQuery.Nearest nearest, Filter? filter, RecordStage stage, int limit)
    {
        Space space = FindSpace(nearest.Vectors);
        VectorSpec spec = VectorSpec.Of(space);
        if (nearest.Rows.Dimension != space.Dimension)
        {
            throw new DimensionMismatchException(nearest.Vectors, space.Dimension, nearest.Rows.Dimension);
        }

        SearchRequest request = new()
        {
            Vectors =
            [
                new VectorQuery
                {
                    Space = space.Name,
                    SpaceId = space.Id,
                    Rows = spec.Similarity == VectorSimilarity.Cosine ? UnitRows.Of(nearest.Rows) : nearest.Rows,
                },
            ],
            Filter = filter,
            Top = limit,
            MinScore = stage.MinScore,
            Effort = stage.IsExact ? SearchEffort.Exact : SearchEffort.Default,
        };
        return [.. snapshot.Search(request, cancellationToken).Hits.Select(hit => new Ranked(hit.Entry.Key, hit.Score))];
    }

    // Scores and similarities are those of the space.
    private List<Ranked> Diversify(RecordQuery.Diverse diverse, List<Ranked> candidates, int limit)
    {
        Space space = FindSpace(diverse.Query.Vectors);
        MultiVector[] rows = [.. candidates.Select(one => snapshot.Entries.GetVectors(one.Key, space.Name)!)];
        return
        [
            .. MarginalRelevance.Choose(
                [.. candidates.Select(one => one.Score)], limit, diverse.Diversity, (i, j) => MaxSim.Score(rows[i].View, rows[j].View),
                cancellationToken)
            .Select(i => candidates[i]),
        ];
    }

    private static List<Ranked> FuseRanks(List<List<Ranked>> before, RecordQuery.ReciprocalRanks ranks)
    {
        if (ranks.Weights.Count > 0 && ranks.Weights.Count != before.Count)
        {
            throw new InvalidQueryException(
                $"There are {ranks.Weights.Count} weights for {before.Count} stages before; give one for each.", "weights");
        }

        Dictionary<string, double> sums = [];
        for (int i = 0; i < before.Count; i++)
        {
            double weight = ranks.Weights.Count > 0 ? ranks.Weights[i] : 1;
            for (int rank = 1; rank <= before[i].Count && weight > 0; rank++)
            {
                string key = before[i][rank - 1].Key;
                sums[key] = sums.GetValueOrDefault(key) + (1 / ((rank / weight) + ranks.K - 1));
            }
        }

        return [.. sums.Select(sum => new Ranked(sum.Key, sum.Value))];
    }

    private static List<Ranked> FuseScores(List<List<Ranked>> before)
    {
        Dictionary<string, double> sums = [];
        foreach (List<Ranked> ranked in before.Where(ranked => ranked.Count > 0))
        {
            double mean = ranked.Average(one => one.Score);
            double deviation = ranked.Count < 2 ? 0
                : Math.Sqrt(ranked.Sum(one => (one.Score - mean) * (one.Score - mean)) / (ranked.Count - 1));
            foreach (Ranked one in ranked)
            {
                double share = deviation > 0 ? (one.Score - mean + (3 * deviation)) / (6 * deviation) : 0.5;
                sums[one.Key] = sums.GetValueOrDefault(one.Key) + share;
            }
        }

        return [.. sums.Select(sum => new Ranked(sum.Key, sum.Value))];
    }

    private List<Ranked> Compute(List<List<Ranked>> before, ScoreExpression formula)
    {
        Dictionary<string, double>[] scores = [.. before.Select(ranked => ranked.ToDictionary(one => one.Key, one => one.Score))];
        string[] keys = [.. scores.SelectMany(known => known.Keys).Distinct()];
        Filter found = Filter.In("key", [.. keys.Select(key => (MetadataValue)key)]);
        Dictionary<ScoreExpression.Condition, HashSet<string>> met = [];
        foreach (ScoreExpression.Condition condition in formula.Conditions)
        {
            met[condition] = [.. ListKeys(Filter.And(condition.Filter, found), int.MaxValue)];
        }

        return [.. keys.Select(key =>
        {
            using JsonDocument payload = JsonDocument.Parse(Load(new Ranked(key, 0)).Document.Payload ?? "{}");
            return new Ranked(key, formula.Evaluate(
                [.. scores.Select(known => known.TryGetValue(key, out double score) ? score : default(double?))],
                payload.RootElement,
                condition => met[condition].Contains(key)));
        })];
    }

    private List<Ranked> Sample(Filter? filter, int limit)
    {
        string[] keys = [.. ListKeys(filter, int.MaxValue)];
        Random.Shared.Shuffle(keys);
        return [.. keys.Take(limit).Select(key => new Ranked(key, 0))];
    }

    private IEnumerable<string> ListKeys(Filter? filter, int limit)
    {
        string? after = null;
        while (limit > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Entry> page = snapshot.Entries.List(filter: filter, afterKey: after, limit: Math.Min(limit, PageSize));
            foreach (Entry entry in page)
            {
                yield return entry.Key;
            }

            if (page.Count < Math.Min(limit, PageSize))
            {
                yield break;
            }

            limit -= page.Count;
            after = page[^1].Key;
        }
    }

    private static IEnumerable<Ranked> Sort(IEnumerable<Ranked> ranked) =>
        ranked.OrderByDescending(one => one.Score).ThenBy(one => one.Key, StringComparer.Ordinal);

    private static Filter? Both(Filter? a, Filter? b) => a is null ? b : b is null ? a : Filter.And(a, b);

    private Space FindSpace(string vectors)
    {
        string name = VectorSpec.ToSpaceName(vectors);
        return _spaces.FirstOrDefault(space => space.Name == name)
            ?? throw new UnknownSpaceException(vectors, [.. _spaces.Select(space => VectorSpec.ToName(space.Name))]);
    }

    private RecordHit Load(Ranked ranked)
    {
        Entry entry = snapshot.Entries.Get(ranked.Key)!;
        return new RecordHit(entry, snapshot.Documents.Get(entry.DocumentKey)!, ranked.Score);
    }
}
