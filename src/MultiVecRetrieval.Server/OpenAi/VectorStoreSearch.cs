using System.Text.Json;
using MultiVecRetrieval.Server.Qdrant;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Searches a collection as clients of vector stores ask for it.</summary>
internal static class VectorStoreSearch
{
    private const int MaxQueries = 16;
    private const int MaxExcerptLength = 2000;

    public static async Task<object> SearchAsync(
        string id, JsonElement body, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        Collection collection = VectorStoreRoutes.Find(library, id);
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid("$", "The body must be an object.");
        }

        string[] queries = ReadQueries(body, options);
        int count = body.FindCount("max_num_results", 10, 1, 50, "");
        Filter? filter = body.Find("filters") is { } condition ? AttributeFilter.Read(condition, "filters") : null;
        double? threshold = body.Find("ranking_options")?.FindNumber("score_threshold", "ranking_options");
        if (threshold is < 0 or > 1)
        {
            throw RequestException.Invalid("ranking_options.score_threshold", $"score_threshold is {threshold}; it must be in [0, 1].");
        }

        Dictionary<string, SearchHit> best = new(StringComparer.Ordinal);
        bool hasMore = false;
        foreach (string query in queries)
        {
            SearchResult result = await library.SearchAsync(
                new LibraryQuery { Collection = id, Text = query, Top = count, Filter = filter, MinScore = threshold }, cancellationToken);
            hasMore |= result.HasMore;
            foreach (SearchHit hit in result.Hits)
            {
                if (!best.TryGetValue(hit.Entry.Key, out SearchHit? known) || hit.Score > known.Score)
                {
                    best[hit.Entry.Key] = hit;
                }
            }
        }

        return new
        {
            @object = "vector_store.search_results.page",
            search_query = queries,
            data = best.Values.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Entry.Key, StringComparer.Ordinal).Take(count)
                .Select(hit => ToBody(hit, collection)).ToArray(),
            has_more = hasMore || best.Count > count,
            next_page = (string?)null,
        };
    }

    /// <summary>Metadata as attributes; lists with commas between their elements.</summary>
    public static Dictionary<string, object> ToAttributes(IReadOnlyDictionary<string, MetadataValue> metadata) =>
        metadata.ToDictionary(field => field.Key, field => field.Value.IsList ? field.Value.ToString() : field.Value.Value);

    private static string[] ReadQueries(JsonElement body, ServerOptions options)
    {
        JsonElement query = body.Get("query", "");
        string[] queries = query.ValueKind == JsonValueKind.String
            ? [query.GetString()!]
            : [.. query.List("query").Select(item => QdrantJson.ToText(item.Value, item.Path))];
        if (queries.Length is 0 or > MaxQueries || queries.Any(string.IsNullOrWhiteSpace))
        {
            throw RequestException.Invalid("query", $"query is a text or a list of 1 to {MaxQueries} texts, none of them empty.");
        }

        return queries.Max(text => text.Length) is int longest && longest > options.MaxQueryLength
            ? throw RequestException.OverLimit("query", "server:maxQueryLength", options.MaxQueryLength, longest)
            : queries;
    }

    private static object ToBody(SearchHit hit, Collection collection)
    {
        Dictionary<string, object> attributes = ToAttributes(hit.Document.Metadata);
        attributes.TryAdd("key", hit.Entry.Key);
        if (hit.Entry.Page is { } page)
        {
            attributes.TryAdd("page", page);
        }

        if (hit.Moments.Count > 0)
        {
            attributes.TryAdd("start_seconds", hit.Moments[0].StartSeconds);
            attributes.TryAdd("end_seconds", hit.Moments[0].EndSeconds);
        }

        string text = hit.Passage?.Text ?? Shorten(collection.Entries.GetText(hit.Entry.Key)?.Text ?? "");
        return new
        {
            file_id = LibraryFiles.IdOf(hit.Document) ?? hit.Document.Key,
            filename = hit.Document.SourcePath is { } path ? Path.GetFileName(path) : hit.Document.Key,
            score = hit.Score,
            attributes,
            content = new[] { new { type = "text", text } },
        };
    }

    private static string Shorten(string text) => text.Length <= MaxExcerptLength ? text
        : text[..(char.IsHighSurrogate(text[MaxExcerptLength - 1]) ? MaxExcerptLength - 1 : MaxExcerptLength)];
}
