using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Turns queries with their prefetches into stages.</summary>
internal sealed class QueryReader(PointStore points, ServerOptions options)
{
    private const int MaxDepth = 10;
    private const int MaxPrefetches = 64;
    private const int StandardLimit = 10;

    private readonly FilterReader _filters = points.Filters;

    /// <summary>A query as <c>points/query</c> takes it.</summary>
    public RecordStage Read(JsonElement request, string path, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw RequestException.Invalid(path, $"prefetch is nested in more than {MaxDepth} levels.");
        }

        if (request.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid(path, $"The query is {QdrantJson.Show(request)}; it must be an object.");
        }

        string at = QdrantJson.Path(path, "prefetch");
        RecordStage[] before = request.Find("prefetch") is { } prefetch
            ? [.. prefetch.List(at).Select(stage => Read(stage.Value, stage.Path, depth + 1))]
            : [];
        if (before.Length > MaxPrefetches)
        {
            throw RequestException.Invalid(at, $"{at} has {before.Length} stages; it takes up to {MaxPrefetches}.");
        }

        Filter? filter = _filters.Read(request, QdrantJson.Path(path, "filter"));
        (RecordQuery? query, Filter? without) = request.Find("query") is { } own
            ? ReadQuery(own, request, QdrantJson.Path(path, "query"))
            : (null, null);
        if (query is null && before.Length > 0)
        {
            throw RequestException.Invalid(QdrantJson.Path(path, "query"), "There is a prefetch but no query that ranks what it finds.");
        }

        return new RecordStage
        {
            Query = query,
            Before = before,
            Filter = filter is null ? without : without is null ? filter : Filter.And(filter, without),
            MinScore = request.FindNumber("score_threshold", path),
            Limit = request.FindCount("limit", StandardLimit, 1, LimitOf(depth), path),
            IsExact = request.Find("params") is { } parameters && parameters.FindTruth("exact", false, QdrantJson.Path(path, "params")),
        };
    }

    /// <summary>Stages before the last choose candidates, which nobody is sent.</summary>
    private int LimitOf(int depth) => depth == 0 ? options.MaxTop : options.MaxOffset;

    private (RecordQuery Query, Filter? Without) ReadQuery(JsonElement query, JsonElement request, string path)
    {
        if (query.ValueKind != JsonValueKind.Object || query.Find("text") is not null || query.Find("image") is not null)
        {
            return ReadNearest(query, request, path);
        }

        foreach (JsonProperty member in query.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            JsonElement value = member.Value;
            string at = QdrantJson.Path(path, member.Name);
            switch (member.Name)
            {
                case "nearest":
                    (RecordQuery nearest, Filter? without) = ReadNearest(value, request, at);
                    return (query.Find("mmr") is { } mmr ? ReadDiverse(nearest, mmr, request, $"{path}.mmr") : nearest, without);
                case "fusion":
                    return (QdrantJson.ToText(value, at) switch
                    {
                        "rrf" => new RecordQuery.ReciprocalRanks(2, []),
                        "dbsf" => new RecordQuery.SpreadScores(),
                        var other => throw RequestException.Invalid(at, $"{at} is '{other}'; it must be rrf or dbsf."),
                    }, null);
                case "rrf":
                    return (new RecordQuery.ReciprocalRanks(
                        value.FindCount("k", 2, 1, int.MaxValue, at),
                        value.Find("weights") is { } weights
                            ? [.. weights.List($"{at}.weights").Select(weight => QdrantJson.ToNumber(weight.Value, weight.Path))]
                            : []), null);
                case "formula":
                    JsonElement defaults = query.Find("defaults") ?? default;
                    return (new RecordQuery.Formula(new ExpressionReader(_filters, defaults).Read(value, at)), null);
                case "order_by":
                    (EntryOrder order, Filter? start) = ReadOrder(value, at);
                    return (new RecordQuery.Ordered(order), start);
                case "sample":
                    return (new RecordQuery.Sample(), null);
                case "recommend":
                    return ReadRecommend(value, request, at);
                case "mmr":
                case "defaults":
                    continue;
                default:
                    throw QdrantJson.Unsupported(at, $"the query '{member.Name}'");
            }
        }

        throw RequestException.Invalid(path, $"{path} asks for nothing.");
    }

    /// <summary>The field by which points are put in order, and where they start.</summary>
    public static (EntryOrder Order, Filter? Start) ReadOrder(JsonElement order, string path)
    {
        string key = order.ValueKind == JsonValueKind.String ? order.GetString()! : order.GetText("key", path);
        bool isDescending = order.FindText("direction", path) switch
        {
            null or "asc" => false,
            "desc" => true,
            var other => throw RequestException.Invalid($"{path}.direction", $"{path}.direction is '{other}'; it must be asc or desc."),
        };
        Filter? start = order.Find("start_from") is not { } from ? null : new ComparisonFilter(
            $"meta.{key}", isDescending ? Comparison.LessOrEqual : Comparison.GreaterOrEqual,
            from.ValueKind == JsonValueKind.String ? from.GetString()! : QdrantJson.ToNumber(from, $"{path}.start_from"));
        return (new EntryOrder($"meta.{key}", isDescending), start);
    }

    private (RecordQuery Query, Filter? Without) ReadNearest(JsonElement value, JsonElement request, string path)
    {
        if (value.FindText("text", path) is { } text)
        {
            return (request.Find("using") is null ? new RecordQuery.Words(text)
                : new RecordQuery.Understood(points.FindVectors(request, path), text), null);
        }

        string vectors = points.FindVectors(request, path);
        if (VectorReader.IsVector(value))
        {
            return (new RecordQuery.Nearest(vectors, VectorReader.Read(value, path)), null);
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
        {
            (string key, MultiVector rows) = points.ReadExample(value, vectors, request, path);
            return (new RecordQuery.Nearest(vectors, rows), Filter.Not(Filter.In("key", key)));
        }

        throw value.Find("indices") is not null ? QdrantJson.Unsupported(path, "a sparse vector")
            : value.Find("image") is not null
                ? QdrantJson.Unsupported(path, "a picture; POST /v1/collections/NAME/search takes one")
                : RequestException.Invalid(path, $"{path} is {QdrantJson.Show(value)}; it must be a vector, an id or a text.");
    }

    private static RecordQuery.Diverse ReadDiverse(RecordQuery nearest, JsonElement mmr, JsonElement request, string path)
    {
        int limit = request.FindCount("limit", StandardLimit, 1, int.MaxValue, "");
        return new RecordQuery.Diverse(
            nearest as RecordQuery.Nearest ?? throw QdrantJson.Unsupported(path, "mmr of a text"),
            mmr.FindNumber("diversity", path) switch
            {
                null => 0.5,
                >= 0 and <= 1 and double diversity => diversity,
                var other => throw RequestException.Invalid($"{path}.diversity", $"{path}.diversity is {other}; it must be in [0, 1]."),
            },
            mmr.FindCount("candidates_limit", limit, 1, 10_000, path));
    }

    // The mean of what is wanted, moved away from the mean of what is not; or the sum of similarities, which is that with the sum.
    private (RecordQuery Query, Filter? Without) ReadRecommend(JsonElement recommend, JsonElement request, string path)
    {
        string vectors = points.FindVectors(request, path);
        List<string> keys = [];
        List<MultiVector> positive = ReadExamples("positive");
        List<MultiVector> negative = ReadExamples("negative");
        string strategy = recommend.FindText("strategy", path) ?? "average_vector";
        if (strategy is not ("average_vector" or "sum_scores"))
        {
            throw QdrantJson.Unsupported($"{path}.strategy", $"the strategy '{strategy}'");
        }

        if (positive.Count == 0)
        {
            throw RequestException.Invalid($"{path}.positive", $"{path}.positive has no example.");
        }

        if (positive.Concat(negative).Any(rows => rows.RowCount != 1))
        {
            throw QdrantJson.Unsupported(path, "recommendation in a space of many vectors a point");
        }

        float[] target = new float[positive[0].Dimension];
        bool isMean = strategy == "average_vector";
        double wanted = isMean ? (negative.Count > 0 ? 2.0 : 1.0) / positive.Count : 1;
        double unwanted = isMean ? 1.0 / Math.Max(1, negative.Count) : 1;
        foreach ((MultiVector rows, double weight) in
            positive.Select(rows => (rows, wanted)).Concat(negative.Select(rows => (rows, -unwanted))))
        {
            if (rows.Dimension != target.Length)
            {
                throw RequestException.Invalid(path, $"{path} has examples of {target.Length} and of {rows.Dimension} numbers.");
            }

            for (int i = 0; i < target.Length; i++)
            {
                target[i] += (float)(weight * rows.Row(0)[i]);
            }
        }

        return (new RecordQuery.Nearest(vectors, new MultiVector(target.Length, target)),
            keys.Count == 0 ? null : Filter.Not(Filter.In("key", [.. keys.Select(key => (MetadataValue)key)])));

        List<MultiVector> ReadExamples(string name)
        {
            List<MultiVector> rows = [];
            foreach ((JsonElement example, string at) in recommend.Find(name) is { } list ? list.List($"{path}.{name}") : [])
            {
                if (VectorReader.IsVector(example))
                {
                    rows.Add(VectorReader.Read(example, at));
                }
                else
                {
                    (string key, MultiVector stored) = points.ReadExample(example, vectors, request, at);
                    keys.Add(key);
                    rows.Add(stored);
                }
            }

            return rows;
        }
    }
}
