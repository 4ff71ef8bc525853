using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Sets members in the text of a JSON file and leaves every other character as it was, comments and order included.</summary>
internal static class JsonMembers
{
    private const string Indent = "  ";

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The text with <c>{"section": {"name": entry}}</c> in it; of an entry that is there only what differs is changed.</summary>
    /// <exception cref="FormatException">The text is no JSON object, or something on the way is none.</exception>
    public static string SetEntry(string text, string section, string name, JsonObject entry, bool allowComments)
    {
        if (string.IsNullOrWhiteSpace(text.TrimStart('\uFEFF')))
        {
            return Write(Wrap(entry, [section, name])) + "\n";
        }

        if ((Parse(text, allowComments)[section] as JsonObject)?.ContainsKey(name) != true)
        {
            return SetMember(text, [section, name], entry, allowComments);
        }

        foreach ((string member, JsonNode? value) in entry)
        {
            text = value is JsonObject inner
                ? inner.Aggregate(
                    text, (changed, pair) => SetMember(changed, [section, name, member, pair.Key], pair.Value!, allowComments))
                : SetMember(text, [section, name, member], value!, allowComments);
        }

        return text;
    }

    private static string SetMember(string text, string[] path, JsonNode value, bool allowComments)
    {
        JsonObject before = Parse(text, allowComments);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        MemberSpan span = MemberSpan.Find(bytes, path, allowComments);
        string indent = string.Concat(Enumerable.Repeat(Indent, span.Depth + 1));
        if (Set(before, path, value))
        {
            return text;
        }

        string changed = span.Value is { } old
            ? Decode(bytes.AsSpan(0, old.Start.Value)) + Shift(Write(value), indent) + Decode(bytes.AsSpan(old.End.Value))
            : Insert(bytes, span.Object, indent, $"{Quote(path[span.Depth])}: {Write(Wrap(value, path[(span.Depth + 1)..]))}");

        // Whatever the file held is still there, or nothing is written.
        return JsonNode.DeepEquals(before, Parse(changed, allowComments))
            ? changed
            : throw new FormatException("it cannot be changed without losing something; add the entry by hand");
    }

    // True where it is so already.
    private static bool Set(JsonObject root, string[] path, JsonNode value)
    {
        foreach (string name in path[..^1])
        {
            root[name] ??= new JsonObject();
            root = root[name]!.AsObject();
        }

        bool isSame = JsonNode.DeepEquals(root[path[^1]], value);
        root[path[^1]] = value.DeepClone();
        return isSame;
    }

    private static JsonObject Parse(string text, bool allowComments)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text.TrimStart('\uFEFF'), documentOptions: new JsonDocumentOptions
            {
                CommentHandling = allowComments ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
                AllowTrailingCommas = allowComments,
                AllowDuplicateProperties = false,
            });
            return node as JsonObject ?? throw new FormatException("it is no JSON object");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"it is no JSON: {wrong.Message}");
        }
    }

    // First in its object: so no comma before it is ever missing, and one is needed behind it only where something follows.
    private static string Insert(byte[] bytes, ObjectSpan target, string indent, string member)
    {
        string behind = Decode(bytes.AsSpan(target.Start + 1));
        string end = target.IsEmpty ? $"\n{indent[Indent.Length..]}{behind.TrimStart(' ', '\t', '\r', '\n')}" : $",{behind}";
        return $"{Decode(bytes.AsSpan(0, target.Start + 1))}\n{indent}{Shift(member, indent)}{end}";
    }

    private static JsonNode Wrap(JsonNode value, string[] path) => path.Reverse()
        .Aggregate(value.DeepClone(), (inner, name) => new JsonObject { [name] = inner });

    private static string Decode(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static string Shift(string json, string indent) => json.Replace("\n", "\n" + indent, StringComparison.Ordinal);

    private static string Write(JsonNode value) => value.ToJsonString(Indented);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Indented);
}
