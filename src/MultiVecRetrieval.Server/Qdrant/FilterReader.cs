using System.Text.Json;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Turns conditions on payloads into filters.</summary>
internal sealed class FilterReader(Func<JsonElement, string, string?> findKey)
{
    private const int MaxDepth = 50;

    /// <summary>What entries of files have under the names of a payload, beside their metadata.</summary>
    private static readonly string[] OwnFields = ["key", "document", "type", "page", "title"];

    /// <summary>The filter of a request; null when there is none.</summary>
    public Filter? Read(JsonElement request, string path = "filter") =>
        request.Find("filter") is { } filter ? ReadClauses(filter, path, depth: 0) : null;

    /// <summary>One filter or condition, as formulas hold them.</summary>
    public Filter ReadCondition(JsonElement condition, string path) => ReadCondition(condition, path, depth: 0);

    private Filter ReadClauses(JsonElement filter, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            throw RequestException.Invalid(path, $"The filter has more than {MaxDepth} levels.");
        }

        if (filter.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(filter)}; it must be an object.");
        }

        List<Filter> all = [];
        foreach (JsonProperty member in filter.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            string at = QdrantJson.Path(path, member.Name);
            switch (member.Name)
            {
                case "must":
                    all.AddRange(Parts(member.Value, at));
                    break;
                case "must_not":
                    all.AddRange(Parts(member.Value, at).Select(Filter.Not));
                    break;
                case "should":
                    Filter[] any = [.. Parts(member.Value, at)];
                    all.AddRange(any.Length > 0 ? [Filter.Or(any)] : Array.Empty<Filter>());
                    break;
                case "min_should":
                    all.Add(AtLeast([.. Parts(member.Value.Get("conditions", at), $"{at}.conditions")],
                        member.Value.FindCount("min_count", 1, 0, int.MaxValue, at), at));
                    break;
                default:
                    throw RequestException.Invalid(at, $"{at} is unknown; a filter has must, should, must_not and min_should.");
            }
        }

        return Filter.And([.. all]);

        IEnumerable<Filter> Parts(JsonElement list, string at) =>
            list.List(at).Select(part => ReadCondition(part.Value, part.Path, depth + 1));
    }

    private static Filter AtLeast(Filter[] parts, int count, string path) =>
        count <= 0 ? Filter.And()
        : count == 1 ? Filter.Or(parts)
        : count == parts.Length ? Filter.And(parts)
        : count > parts.Length ? Filter.Or()
        : throw QdrantJson.Unsupported(path, "min_count between 1 and the number of conditions");

    private Filter ReadCondition(JsonElement condition, string path, int depth)
    {
        if (condition.Find("has_id") is { } ids)
        {
            return Filter.In("key", [.. ids.List($"{path}.has_id").Select(id => findKey(id.Value, id.Path)).OfType<string>()
                .Select(key => (MetadataValue)key)]);
        }

        if (condition.Find("is_empty") is { } empty)
        {
            return Filter.Not(OnField(empty.GetText("key", $"{path}.is_empty"), Filter.Exists, isText: true, isNumber: true));
        }

        foreach (string unknown in new[] { "is_null", "nested", "has_vector" })
        {
            if (condition.Find(unknown) is not null)
            {
                throw QdrantJson.Unsupported(QdrantJson.Path(path, unknown), unknown);
            }
        }

        return condition.Find("key") is { } key ? ReadField(condition, QdrantJson.ToText(key, $"{path}.key"), path)
            : condition.ValueKind == JsonValueKind.Object ? ReadClauses(condition, path, depth)
            : throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(condition)}; it must be a condition.");
    }

    private static Filter ReadField(JsonElement condition, string key, string path)
    {
        List<Filter> all = [];
        if (condition.Find("match") is { } match)
        {
            all.Add(ReadMatch(match, key, $"{path}.match"));
        }

        if (condition.Find("range") is { } range)
        {
            all.Add(ReadRange(range, key, $"{path}.range"));
        }

        if (condition.Find("geo_radius") is { } circle)
        {
            (double latitude, double longitude) = ReadPoint(circle.Get("center", path), $"{path}.geo_radius.center");
            double meters = QdrantJson.ToNumber(circle.Get("radius", path), $"{path}.geo_radius.radius");
            all.Add(new NearFilter(latitude, longitude, meters / 1000, key));
        }

        if (condition.Find("geo_bounding_box") is { } box)
        {
            (double north, double west) = ReadPoint(box.Get("top_left", path), $"{path}.geo_bounding_box.top_left");
            (double south, double east) = ReadPoint(box.Get("bottom_right", path), $"{path}.geo_bounding_box.bottom_right");
            all.Add(new WithinFilter(south, west, north, east, key));
        }

        foreach (string unknown in new[] { "geo_polygon", "values_count" })
        {
            if (condition.Find(unknown) is not null)
            {
                throw QdrantJson.Unsupported(QdrantJson.Path(path, unknown), unknown);
            }
        }

        if (condition.Find("is_empty") is { } empty)
        {
            Filter exists = OnField(key, Filter.Exists, isText: true, isNumber: true);
            all.Add(empty.ValueKind == JsonValueKind.True ? Filter.Not(exists) : exists);
        }

        if (condition.Find("is_null") is not null)
        {
            throw QdrantJson.Unsupported($"{path}.is_null", "is_null");
        }

        return all.Count > 0 ? Filter.And([.. all])
            : throw RequestException.Invalid(path, $"{path} has no match, range, geo_radius, geo_bounding_box or is_empty.");
    }

    private static Filter ReadMatch(JsonElement match, string key, string path)
    {
        if (match.Find("value") is { } value)
        {
            return Equal(key, value, $"{path}.value");
        }

        if (match.Find("any") is { } any)
        {
            return Filter.Or([.. any.List($"{path}.any").Select(one => Equal(key, one.Value, one.Path))]);
        }

        if (match.Find("except") is { } except)
        {
            return Filter.And(
                OnField(key, Filter.Exists, isText: true, isNumber: true),
                Filter.Not(Filter.Or([.. except.List($"{path}.except").Select(one => Equal(key, one.Value, one.Path))])));
        }

        // Every word of a text is asked for, of a phrase the words as they stand, of text_any one of them.
        if (match.FindText("text", path) is { } text)
        {
            return Filter.And([.. Words(text).Select(word => Contains(key, word))]);
        }

        return match.FindText("phrase", path) is { } phrase ? Contains(key, phrase)
            : match.FindText("text_any", path) is { } anyOf ? Filter.Or([.. Words(anyOf).Select(word => Contains(key, word))])
            : match.FindText("substring", path) is { } part ? Contains(key, part)
            : throw RequestException.Invalid(path, $"{path} has no value, any, except, text, text_any, phrase or substring.");
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static Filter Contains(string key, string text) =>
        OnField(key, field => new ComparisonFilter(field, Comparison.Contains, text), isText: true, isNumber: false);

    private static Filter Equal(string key, JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is var text && key == "type" && !Enum.TryParse<MediaType>(text, ignoreCase: true, out _)
            ? Filter.Equal(FilterName(key), text!)
            : OnField(key, field => Filter.Equal(field, text!), isText: true, isNumber: false),
        JsonValueKind.Number => OnField(key, field => Filter.Equal(field, QdrantJson.ToNumber(value, path)), isText: false, isNumber: true),
        JsonValueKind.True or JsonValueKind.False => Filter.Equal(FilterName(key), value.GetBoolean()),
        _ => throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(value)}; it must be a text, a number or a truth value."),
    };

    private static Filter ReadRange(JsonElement range, string key, string path)
    {
        List<Filter> all = [];
        foreach ((string name, Comparison comparison) in new[]
        {
            ("gt", Comparison.Greater), ("gte", Comparison.GreaterOrEqual), ("lt", Comparison.Less), ("lte", Comparison.LessOrEqual),
        })
        {
            if (range.Find(name) is { } bound)
            {
                MetadataValue value = bound.ValueKind == JsonValueKind.String
                    ? bound.GetString()! : QdrantJson.ToNumber(bound, QdrantJson.Path(path, name));
                all.Add(OnField(
                    key, field => new ComparisonFilter(field, comparison, value), isText: false, isNumber: value.Value is double));
            }
        }

        return Filter.And([.. all]);
    }

    private static (double Latitude, double Longitude) ReadPoint(JsonElement point, string path) => (
        QdrantJson.ToNumber(point.Get("lat", path), $"{path}.lat"), QdrantJson.ToNumber(point.Get("lon", path), $"{path}.lon"));

    private static string FilterName(string key) => $"meta.{key}";

    // A payload of a client may have members of any name; entries of files have some of these besides.
    private static Filter OnField(string key, Func<string, Filter> make, bool isText, bool isNumber)
    {
        bool isOwn = OwnFields.Contains(key) && (key == "page" ? isNumber : isText);
        Filter stored = make(FilterName(key));
        return isOwn
            ? Filter.Or(stored, Filter.And(Filter.Not(Filter.Equal("type", "record")), make(key)))
            : stored;
    }
}
