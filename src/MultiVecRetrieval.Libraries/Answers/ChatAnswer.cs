using System.Text.Json;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Reads answers of a chat endpoint: whole ones, and the events of those that come in pieces.</summary>
internal static class ChatAnswer
{
    /// <summary>The piece that JSON holds; a whole answer is one piece.</summary>
    /// <param name="json">The body, or the data of an event.</param>
    /// <param name="member"><c>message</c> of a body, <c>delta</c> of an event.</param>
    /// <param name="fail">Makes an error of a reason.</param>
    public static ChatPiece Read(ReadOnlySpan<byte> json, string member, Func<string, Exception?, Exception> fail)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out JsonElement error)
                && error.ValueKind is not JsonValueKind.Null)
            {
                throw fail($"it says: {Shorten(error.ToString())}", null);
            }

            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("choices", out JsonElement choices)
                || choices.ValueKind != JsonValueKind.Array)
            {
                throw fail($"the answer has no array choices: {Shorten(root.ToString())}", null);
            }

            // The last event of some endpoints tells of the cost and has no choice.
            return choices.GetArrayLength() == 0
                ? member == "delta" ? default : throw fail("the answer has no choice.", null)
                : ReadChoice(choices[0], member, fail);
        }
        catch (JsonException error)
        {
            throw fail($"the answer is no JSON ({error.Message}).", error);
        }
    }

    private static ChatPiece ReadChoice(JsonElement choice, string member, Func<string, Exception?, Exception> fail)
    {
        if (choice.ValueKind != JsonValueKind.Object)
        {
            throw fail("a choice of the answer is no object.", null);
        }

        string? reason = choice.TryGetProperty("finish_reason", out JsonElement finish) && finish.ValueKind == JsonValueKind.String
            ? finish.GetString() : null;
        if (!choice.TryGetProperty(member, out JsonElement message) || message.ValueKind is JsonValueKind.Null)
        {
            return member == "delta" ? new ChatPiece("", reason) : throw fail($"a choice of the answer has no {member}.", null);
        }

        if (message.ValueKind != JsonValueKind.Object)
        {
            throw fail($"{member} of the answer is no object.", null);
        }

        return !message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null
            ? new ChatPiece("", reason)
            : new ChatPiece(ReadContent(content, fail), reason);
    }

    // Content is a text, of some endpoints a list of parts.
    private static string ReadContent(JsonElement content, Func<string, Exception?, Exception> fail) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out JsonElement text)
                && text.ValueKind == JsonValueKind.String ? text.GetString() : "")),
        _ => throw fail("content of the answer is no text.", null),
    };

    private static string Shorten(string text) => Encoding.Http.HttpBodies.ToWords(System.Text.Encoding.UTF8.GetBytes(text));
}
