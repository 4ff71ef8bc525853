using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Which members of a payload an answer has.</summary>
/// <param name="Included">Those named; null: all.</param>
/// <param name="Excluded">Those left out.</param>
internal sealed record PayloadSelection(IReadOnlyList<string>? Included, IReadOnlyList<string> Excluded)
{
    /// <summary>What <c>with_payload</c> of a request says; null for nothing, as where it says nothing.</summary>
    public static PayloadSelection? Read(JsonElement request) => request.Find("with_payload") switch
    {
        null or { ValueKind: JsonValueKind.False } => null,
        { ValueKind: JsonValueKind.True } => new PayloadSelection(null, []),
        { ValueKind: JsonValueKind.Array } names => new PayloadSelection(ReadNames(names, "with_payload"), []),
        { ValueKind: JsonValueKind.Object } rule => new PayloadSelection(
            rule.Find("include") is { } included ? ReadNames(included, "with_payload.include") : null,
            rule.Find("exclude") is { } excluded ? ReadNames(excluded, "with_payload.exclude") : []),
        { } other => throw RequestException.Invalid(
            "with_payload", $"with_payload is {QdrantJson.Show(other)}; it must be true, false, a list of names, or include and exclude."),
    };

    /// <summary>The members that are left; a name with dots means one within.</summary>
    public JsonObject Apply(JsonObject payload)
    {
        JsonObject kept = payload;
        if (Included is not null)
        {
            kept = [];
            foreach (string name in Included)
            {
                Copy(payload, kept, name.Split('.'));
            }
        }

        foreach (string name in Excluded)
        {
            string[] path = name.Split('.');
            JsonObject? owner = kept;
            foreach (string part in path[..^1])
            {
                owner = owner?[part] as JsonObject;
            }

            owner?.Remove(path[^1]);
        }

        return kept;
    }

    private static string[] ReadNames(JsonElement names, string path) =>
        [.. names.List(path).Select(name => QdrantJson.ToText(name.Value, name.Path))];

    private static void Copy(JsonObject from, JsonObject to, string[] path)
    {
        if (!from.TryGetPropertyValue(path[0], out JsonNode? value))
        {
            return;
        }

        if (path.Length == 1)
        {
            to[path[0]] = value?.DeepClone();
        }
        else if (value is JsonObject inner)
        {
            JsonObject own = to[path[0]] as JsonObject ?? [];
            to[path[0]] = own;
            Copy(inner, own, path[1..]);
        }
    }
}
