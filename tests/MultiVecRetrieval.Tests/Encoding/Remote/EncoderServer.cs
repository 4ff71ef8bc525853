using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Remote;

/// <summary>
/// A remote encoder on loopback whose geometry is known: a picture's vector is its mean colour, a text's the sum of its colour words',
/// with a fourth value of 0.3. In the shape for several vectors a text has one per word, a picture one per quarter.
/// </summary>
internal sealed class EncoderServer : IAsyncDisposable
{
    public const int Dimension = 4;

    private readonly WebApplication _app;
    private int _running;

    private EncoderServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<EncoderRequest> Requests { get; } = new();

    /// <summary>Answers instead; gives true when it did. The body stands in the items as <c>body</c>.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Changes the answer before it is sent.</summary>
    public Action<JsonObject> Change { get; set; } = _ => { };

    /// <summary>How long an answer takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The most requests that were answered at a time.</summary>
    public int MostAtATime { get; private set; }

    public string Address => _app.Urls.First() + "/v1/embeddings";

    public static async Task<EncoderServer> StartAsync()
    {
        EncoderServer server = new();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A model folder that leads here.</summary>
    public ModelFolder CreateFolder(string shape, string more = "\"images\": true") => new ModelFolder().Write(
        "remote.json",
        $$"""
        {
          "endpoint": "{{Address}}", "shape": "{{shape}}", "model": "planted", "dimension": {{Dimension}}, "retryDelaySeconds": 0.001,
          "retries": 2, {{more}}
        }
        """);

    public static float[] OfText(string text)
    {
        float[] sum = [0, 0, 0, 0.3f];
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors)
        {
            if (text.Split(' ').Contains(word))
            {
                Add(sum, [(red / 127.5f) - 1, (green / 127.5f) - 1, (blue / 127.5f) - 1, 0]);
            }
        }

        return sum;
    }

    public static float[] OfPicture(RgbImage image, int left, int top, int width, int height)
    {
        double[] sums = new double[3];
        for (int y = top; y < top + height; y++)
        {
            for (int x = left; x < left + width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    sums[c] += image.Pixels[(((y * image.Width) + x) * 3) + c];
                }
            }
        }

        return [.. sums.Select(sum => (float)((sum / (width * height) / 127.5) - 1)), 0.3f];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Add(float[] sum, float[] vector)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += vector[i];
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement request = body.RootElement.Clone();
        Requests.Enqueue(new EncoderRequest(context.Request.Headers.Authorization.ToString(), request));
        context.Items["body"] = request;
        if (await Intercept(context))
        {
            return;
        }

        int running = Interlocked.Increment(ref _running);
        lock (Requests)
        {
            MostAtATime = Math.Max(MostAtATime, running);
        }

        await Task.Delay(Delay);
        JsonObject answer = CreateAnswer(request);
        Change(answer);
        Interlocked.Decrement(ref _running);
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static JsonObject CreateAnswer(JsonElement request)
    {
        bool isPooling = request.TryGetProperty("task", out JsonElement task) && task.GetString() == "token_embed";
        bool isMulti = isPooling || request.TryGetProperty("return_multivector", out _);
        bool isBase64 = (request.TryGetProperty("encoding_format", out JsonElement format)
            || request.TryGetProperty("embedding_type", out format)) && format.GetString() == "base64";
        JsonArray data = [];
        foreach ((int index, float[][] rows) in Inputs(request).Select(input => Rows(input, isMulti)).Index())
        {
            JsonObject entry = new() { ["object"] = "embedding", ["index"] = index };
            entry[isPooling ? "data" : isMulti ? "embeddings" : "embedding"] = !isMulti ? Vector(rows[0], isBase64)
                : isPooling && isBase64 ? Vector([.. rows.SelectMany(row => row)], isBase64)
                : new JsonArray([.. rows.Select(row => Vector(row, isBase64))]);

            // Clients must go by the index.
            data.Insert(0, entry);
        }

        return new JsonObject { ["object"] = "list", ["model"] = "planted", ["data"] = data };
    }

    private static JsonElement[] Inputs(JsonElement request) => request.TryGetProperty("messages", out JsonElement messages)
        ? [messages[0].GetProperty("content")[0].GetProperty("image_url").GetProperty("url")]
        : [.. request.GetProperty("input").EnumerateArray()];

    private static float[][] Rows(JsonElement input, bool isMulti)
    {
        string? text = input.ValueKind == JsonValueKind.String ? input.GetString()
            : input.TryGetProperty("text", out JsonElement inner) ? inner.GetString() : null;
        const string Prefix = "data:image/png;base64,";
        if (text is not null && !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return isMulti ? [.. text.Split(' ').Select(OfText)] : [OfText(text)];
        }

        byte[] file = Convert.FromBase64String(text?[Prefix.Length..] ?? input.GetProperty("image").GetString()!);
        RgbImage image = new ImageDecoder(new MediaLimits()).Decode(file);
        (int width, int height) = (image.Width / 2, image.Height / 2);
        return isMulti
            ? [.. Enumerable.Range(0, 4).Select(i => OfPicture(image, i % 2 * width, i / 2 * height, width, height))]
            : [OfPicture(image, 0, 0, image.Width, image.Height)];
    }

    private static JsonNode Vector(float[] values, bool isBase64)
    {
        if (!isBase64)
        {
            return new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }

        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Convert.ToBase64String(bytes);
    }
}
