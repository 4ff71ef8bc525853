using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Server.Endpoints;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Reads what is to be encoded in the forms that clients send it; counts the pictures of one request.</summary>
internal sealed class InputReader(ServerOptions options)
{
    private const string Forms = "{\"text\"}, {\"image\"}, {\"content\": [...]} or {\"id\", \"collection\"}";

    private int _imageCount;

    /// <summary>The items of the one member that is there; <c>messages</c> are one item in the form of a chat.</summary>
    public IReadOnlyList<EncodeInput> ReadOneOf(TextRole role, params (string Name, JsonElement? Value)[] members)
    {
        JsonElement value = ModelRequests.ExactlyOne(members);
        string name = Array.Find(members, member => member.Value is not null).Name;
        return name == "messages" ? [ReadMessages(value, role)] : ReadList(name, value, role);
    }

    /// <summary>The items of a text, an object, or a list of these.</summary>
    public IReadOnlyList<EncodeInput> ReadList(string name, JsonElement value, TextRole role) => Guard(name, () =>
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return [ReadItem(name, value, role)];
        }

        int count = value.GetArrayLength();
        if (count == 0)
        {
            throw RequestException.Invalid(name, $"{name} is an empty list; it needs at least one item.");
        }

        if (count > options.MaxInputs)
        {
            throw RequestException.OverLimit($"The number of items of {name}", name, "server:maxInputs", options.MaxInputs, count);
        }

        return (IReadOnlyList<EncodeInput>)[.. value.EnumerateArray().Select((item, i) => ReadItem($"{name}[{i}]", item, role))];
    });

    /// <summary>The pictures of a list.</summary>
    public IReadOnlyList<EncodeInput> ReadImages(string name, JsonElement value) => Guard(name, () =>
        value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0
            ? throw RequestException.Invalid(name, $"{name} is a list of at least one picture.")
            : (IReadOnlyList<EncodeInput>)
                [.. value.EnumerateArray().Select((image, i) => ImageInput($"{name}[{i}]", $"{name}[{i}]", image))]);

    /// <summary>One item.</summary>
    public EncodeInput ReadOne(string name, JsonElement value, TextRole role) => Guard(name, () => ReadItem(name, value, role));

    /// <summary>The one item that the messages of a chat are.</summary>
    public EncodeInput ReadMessages(JsonElement messages, TextRole role) => Guard("messages", () =>
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw RequestException.Invalid("messages", "messages is a list of at least one {\"role\", \"content\"}.");
        }

        List<(string Name, JsonElement Part)> parts = [];
        int index = 0;
        foreach (JsonElement message in messages.EnumerateArray())
        {
            string name = $"messages[{index++}]";
            Dictionary<string, JsonElement> members = Members(name, message, "role", "content");
            JsonElement content = members.TryGetValue("content", out JsonElement found)
                ? found
                : throw RequestException.Invalid(name, $"{name} has no content.");
            parts.AddRange(PartsOf($"{name}.content", content));
        }

        return Join("messages", parts, role);
    });

    // A text of JSON may hold half a surrogate pair, which is found when it is read.
    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw RequestException.Invalid(name, $"{name} has a text that is no Unicode: half of a surrogate pair.");
        }
    }

    private EncodeInput ReadItem(string name, JsonElement item, TextRole role)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.String:
                return TextInput(name, item, role);
            case JsonValueKind.Number or JsonValueKind.Array:
                throw RequestException.Invalid(name,
                    $"{name} holds token ids, which are of another model's vocabulary; send texts. (In LangChain: check_embedding_ctx_length=False.)");
            case JsonValueKind.Object when item.TryGetProperty("type", out _):
                return Join(name, [(name, item)], role);
        }

        Dictionary<string, JsonElement> members = Members(name, item, "text", "image", "content", "id", "collection");
        string[] given = [.. members.Keys.Order(StringComparer.Ordinal)];
        return given switch
        {
            ["text"] => TextInput($"{name}.text", members["text"], role) with { Name = name },
            ["image"] => ImageInput(name, $"{name}.image", members["image"]),
            ["content"] => Join(name, [.. PartsOf($"{name}.content", members["content"])], role),
            ["collection", "id"] => EntryInput(name, members["id"], members["collection"]),
            _ => throw RequestException.Invalid(name, $"{name} has {(given.Length == 0 ? "no member" : string.Join(", ", given))}; it is one of {Forms}."),
        };
    }

    private EncodeInput Join(string name, IReadOnlyList<(string Name, JsonElement Part)> parts, TextRole role)
    {
        List<EncodeInput> read = [.. parts.Select(part => ReadPart(part.Name, part.Part, role))];
        if (read.Count == 0)
        {
            throw RequestException.Invalid(name, $"{name} has no content.");
        }

        if (read.Count > 1 && read.Exists(part => part.Text is null))
        {
            throw RequestException.Invalid(name,
                $"{name} has {read.Count} parts with a picture among them; a model here encodes texts or one picture at a time. What a model reads beside a picture belongs into its folder.");
        }

        return read.Count == 1
            ? read[0] with { Name = name }
            : CheckLength(new EncodeInput { Name = name, Text = string.Join('\n', read.Select(part => part.Text)), Role = role });
    }

    private EncodeInput ReadPart(string name, JsonElement part, TextRole role)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            return TextInput(name, part, role);
        }

        Dictionary<string, JsonElement> members = Members(name, part, "type", "text", "image_url", "image_base64", "image");
        string type = members.TryGetValue("type", out JsonElement given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (type is not ("text" or "image_url" or "image_base64" or "image"))
        {
            throw RequestException.Invalid($"{name}.type", $"{name}.type must be one of text, image_url, image_base64, image.");
        }

        if (!members.TryGetValue(type, out JsonElement value))
        {
            throw RequestException.Invalid($"{name}.{type}", $"{name} has the type {type} and no {type}.");
        }

        if (type == "text")
        {
            return TextInput($"{name}.text", value, role);
        }

        // OpenAI's chat has the address in an object, Voyage's lists have it as it is.
        bool isObject = type == "image_url" && value.ValueKind == JsonValueKind.Object;
        Dictionary<string, JsonElement> url = isObject ? Members($"{name}.{type}", value, "url", "detail") : [];
        return ImageInput(name, $"{name}.{type}", isObject ? url.GetValueOrDefault("url") : value);
    }

    private static IEnumerable<(string Name, JsonElement Part)> PartsOf(string name, JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [(name, content)],
        JsonValueKind.Array => content.EnumerateArray().Select((part, i) => ($"{name}[{i}]", part)),
        _ => throw RequestException.Invalid(name, $"{name} is neither a text nor a list of parts."),
    };

    private EncodeInput TextInput(string name, JsonElement text, TextRole role) =>
        text.ValueKind != JsonValueKind.String ? throw RequestException.Invalid(name, $"{name} is no text.")
        : text.GetString() is { Length: > 0 } given ? CheckLength(new EncodeInput { Name = name, Text = given, Role = role })
        : throw RequestException.Invalid(name, $"{name} is an empty text.");

    private EncodeInput CheckLength(EncodeInput input) => input.Text!.Length <= options.MaxInputLength
        ? input
        : throw RequestException.OverLimit(
            $"The length of {input.Name} in characters", input.Name, "server:maxInputLength", options.MaxInputLength, input.Text.Length);

    private EncodeInput ImageInput(string name, string member, JsonElement image)
    {
        string given = image.ValueKind == JsonValueKind.String
            ? image.GetString()!
            : throw RequestException.Invalid(member, $"{member} is no text; a picture is base64 or a data URI.");
        if (given.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || given.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            throw RequestException.Invalid(member,
                $"{member} is an address; this server fetches nothing. Send the picture itself, as base64 or a data URI.");
        }

        if (++_imageCount > options.MaxInputImages)
        {
            throw RequestException.OverLimit(
                "The number of pictures", member, "server:maxInputImages", options.MaxInputImages, _imageCount);
        }

        return new EncodeInput { Name = name, ImageBytes = new ReadOnlyMemory<byte>(QueryPartBody.DecodeImage(member, given)) };
    }

    private static EncodeInput EntryInput(string name, JsonElement id, JsonElement collection)
    {
        if (id.ValueKind != JsonValueKind.String || collection.ValueKind != JsonValueKind.String)
        {
            throw RequestException.Invalid(name, $"{name}.id and {name}.collection are texts: the key of an entry, the name of a collection.");
        }

        string named = collection.GetString()!;
        Parameters.CheckCollectionName(named);
        return new EncodeInput { Name = name, Entry = id.GetString()!, Collection = named };
    }

    private static Dictionary<string, JsonElement> Members(string name, JsonElement value, params string[] known)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid(name, $"{name} is neither a text nor an object.");
        }

        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            members[member.Name] = known.Contains(member.Name, StringComparer.Ordinal)
                ? member.Value
                : throw RequestException.Invalid($"{name}.{member.Name}",
                    $"{name} has the member '{member.Name}', which is not known here; known are {string.Join(", ", known)}.");
        }

        return members;
    }
}
