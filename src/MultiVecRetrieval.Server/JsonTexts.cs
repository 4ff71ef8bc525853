using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace MultiVecRetrieval.Server;

/// <summary>Checks that every text of a JSON value can be read: an escape may write half of a surrogate pair, which no text
/// holds, and bytes may be no UTF-8.</summary>
internal static class JsonTexts
{
    /// <summary>Reads a body of which no member comes twice.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a member twice.</exception>
    /// <exception cref="RequestException">A name or a text holds half of a character.</exception>
    public static JsonDocument Parse(byte[] body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (InvalidOperationException)
        {
            // The names were compared.
            throw Refuse("$");
        }

        try
        {
            Check(document.RootElement, "$");
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a value with such a text, before anything of it is used.</summary>
    /// <exception cref="RequestException">A name or a text holds half of a character.</exception>
    public static void Check(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value);
        if (!Utf8.IsValid(raw))
        {
            throw Refuse(path);
        }

        // Only escapes can write half of a pair, and most bodies have none.
        if (raw.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        try
        {
            Read(value);
        }
        catch (InvalidOperationException)
        {
            throw Refuse(path);
        }
    }

    /// <summary>The same for the bodies that a handler takes as they are.</summary>
    public static ValueTask<object?> CheckArguments(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (JsonElement body in context.Arguments.OfType<JsonElement>())
        {
            Check(body, "$");
        }

        return next(context);
    }

    private static RequestException Refuse(string path) => RequestException.Invalid(
        path, "A text of the body is no UTF-8, or holds half of a surrogate pair (\\ud800 to \\udfff), which is no character.");

    private static void Read(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Read(element);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
        }
    }
}
