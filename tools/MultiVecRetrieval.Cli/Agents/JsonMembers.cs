using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Sets a member in the text of a JSON file and leaves every other character as it was, comments and order included.</summary>
internal static class JsonMembers
{
    private const string Indent = "  ";

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The text with <c>{"section": {"name": value}}</c> in it.</summary>
    /// <exception cref="FormatException">The text is no JSON object, or its section is none.</exception>
    public static string SetMember(string text, string section, string name, JsonObject value, bool allowComments)
    {
        if (string.IsNullOrWhiteSpace(text.TrimStart('\uFEFF')))
        {
            return Write(new JsonObject { [section] = new JsonObject { [name] = value.DeepClone() } }) + "\n";
        }

        JsonObject before = Parse(text, allowComments);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        MemberSpans spans = MemberSpans.Find(bytes, section, name, allowComments);
        string changed = spans switch
        {
            { Member: { } member } => Replace(bytes, member, Shift(Write(value), Indent + Indent)),
            { Section: { } inner } => Insert(bytes, inner, Indent + Indent, $"{Quote(name)}: {Write(value)}"),
            _ => Insert(bytes, spans.Root, Indent, $"{Quote(section)}: {Write(new JsonObject { [name] = value.DeepClone() })}"),
        };

        // Whatever the file held is still there, or nothing is written.
        JsonObject after = Parse(changed, allowComments);
        if (before[section] is null)
        {
            before[section] = new JsonObject();
        }

        before[section]![name] = value.DeepClone();
        return JsonNode.DeepEquals(before, after)
            ? changed
            : throw new FormatException("it cannot be changed without losing something; add the entry by hand");
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

    private static string Replace(byte[] bytes, Range span, string value) =>
        System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, span.Start.Value)) + value
        + System.Text.Encoding.UTF8.GetString(bytes.AsSpan(span.End.Value));

    // First in its object: so no comma before it is ever missing, and one is needed behind it only where something follows.
    private static string Insert(byte[] bytes, ObjectSpan target, string indent, string member)
    {
        string behind = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(target.Start + 1));
        string end = target.IsEmpty ? $"\n{indent[Indent.Length..]}{behind.TrimStart(' ', '\t', '\r', '\n')}" : $",{behind}";
        return $"{System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, target.Start + 1))}\n{indent}{Shift(member, indent)}{end}";
    }

    private static string Shift(string json, string indent) => json.Replace("\n", "\n" + indent, StringComparison.Ordinal);

    private static string Write(JsonObject value) => value.ToJsonString(Indented);

    private static string Quote(string text) => JsonSerializer.Serialize(text, Indented);
}
