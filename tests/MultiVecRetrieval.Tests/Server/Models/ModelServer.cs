using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Server.Models;

/// <summary>A server over planted models whose vectors are known: one vector an input, several, and one that can be shortened.</summary>
public sealed class ModelServer : IAsyncLifetime
{
    public const string Key = "0123456789abcdef-key";

    private readonly PlantedEncoder _one = PlantedEncoder.CreateSplit();
    private readonly PlantedEncoder _several = PlantedEncoder.CreateRows();
    private readonly PlantedEncoder _short = PlantedEncoder.CreateSplit();
    private readonly PlantedEncoder _textOnly = PlantedEncoder.CreateSplit();
    private RunningServer _server = null!;

    /// <summary>Name of a model of one vector an input.</summary>
    public string One => Path.GetFileName(_one.Folder);

    /// <summary>Name of a model of several.</summary>
    public string Several => Path.GetFileName(_several.Folder);

    /// <summary>Name of a model whose leading values are a vector too.</summary>
    public string Short => Path.GetFileName(_short.Folder);

    /// <summary>Name of a sentence encoder.</summary>
    public string TextOnly => Path.GetFileName(_textOnly.Folder);

    public Library Library => _server.Library;

    public HttpClient Client => _server.Client;

    public string Address => _server.Address;

    public string DataFolder => _server.Folder;

    /// <summary>Every route that the server has.</summary>
    public IReadOnlyList<RouteEndpoint> Routes => _server.Routes;

    private string[] Folders => [_one.Folder, _several.Folder, _short.Folder, _textOnly.Folder];

    /// <summary>A picture of two colours.</summary>
    public static RgbImage Picture()
    {
        RgbImage image = PlantedEncoder.Plain(40, 32, (200, 40, 10));
        for (int i = image.Pixels.Length / 2; i < image.Pixels.Length; i += 3)
        {
            image.Pixels[i + 2] = 250;
        }

        return image;
    }

    public static string Png(RgbImage image) => Convert.ToBase64String(PngWriter.Write(image));

    public async ValueTask InitializeAsync()
    {
        _short.Write("encoder.json", """{ "matryoshkaDimension": 4 }""");
        File.Delete(_textOnly.PathOf("onnx/vision_model.onnx"));
        File.Delete(_textOnly.PathOf("preprocessor_config.json"));
        _textOnly.Write("encoder.json", """{ "text": { "passagePrompt": "a photo of {}" } }""");
        _server = await RunningServer.StartAsync(modelFolders: Folders);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (PlantedEncoder encoder in (PlantedEncoder[])[_one, _several, _short, _textOnly])
        {
            encoder.Dispose();
        }
    }

    public EncoderModel Load(string model) => Library.GetEncoder(model);

    /// <summary>The answer to a request that is good.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await Client.PostAsJsonAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Another server over the same models.</summary>
    internal Task<RunningServer> StartAsync(ServerOptions options) => RunningServer.StartAsync(options, modelFolders: Folders);
}
