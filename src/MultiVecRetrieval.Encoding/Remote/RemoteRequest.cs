using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Writes the body of a request in the shape that the endpoint takes.</summary>
internal static class RemoteRequest
{
    /// <summary>True when a request takes one input of this kind only: a picture in a chat message.</summary>
    public static bool IsAlone(RemoteDescription description, RemoteInput input) =>
        input.Picture is not null && description.Shape != RemoteShape.Jina;

    /// <summary>The body as JSON.</summary>
    /// <param name="description">The endpoint.</param>
    /// <param name="inputs">What is asked for; all of one task, and one alone where <see cref="IsAlone"/> says so.</param>
    public static byte[] Write(RemoteDescription description, IReadOnlyList<RemoteInput> inputs)
    {
        JsonObject body = new() { ["model"] = description.Model };
        if (IsAlone(description, inputs[0]))
        {
            body["messages"] = Messages(description, inputs[0].Picture!);
        }
        else
        {
            body["input"] = new JsonArray([.. inputs.Select(input => Item(description.Shape, input))]);
        }

        string format = description.Base64 ? "base64" : "float";
        if (description.Shape == RemoteShape.Jina)
        {
            body["embedding_type"] = format;
            body["normalized"] = true;
            if (description.IsMultiVector)
            {
                body["return_multivector"] = true;
            }

            if (inputs[0].Task is { } task)
            {
                body["task"] = task;
            }
        }
        else
        {
            body["encoding_format"] = format;
        }

        if (description.Shape == RemoteShape.Pooling)
        {
            body["task"] = "token_embed";
        }

        if (description.AsksForDimension)
        {
            body["dimensions"] = description.Dimension;
        }

        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private static JsonNode Item(RemoteShape shape, RemoteInput input) =>
        shape != RemoteShape.Jina ? JsonValue.Create(input.Text!)
        : input.Picture is { } picture ? new JsonObject { ["image"] = picture }
        : new JsonObject { ["text"] = input.Text };

    private static JsonArray Messages(RemoteDescription description, string picture)
    {
        JsonArray content =
        [
            new JsonObject
            {
                ["type"] = "image_url",
                ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64," + picture },
            },
        ];
        if (description.ImagePrompt.Length > 0)
        {
            content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = description.ImagePrompt });
        }

        return [new JsonObject { ["role"] = "user", ["content"] = content }];
    }
}
