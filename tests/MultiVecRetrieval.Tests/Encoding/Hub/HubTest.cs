using MultiVecRetrieval.Encoding.Hub;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

/// <summary>A server that speaks as the hub does, with one model in several variants, and a folder to fetch it into.</summary>
public abstract class HubTest : IAsyncLifetime
{
    private protected TemporaryFolder Folder { get; } = new();

    private protected PlantedEncoder Original { get; } = PlantedEncoder.CreateSplit();

    private protected HubServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        File.Copy(Original.PathOf("onnx/vision_model.onnx"), Original.PathOf("onnx/vision_model_fp16.onnx"));
        File.Copy(Original.PathOf("onnx/text_model.onnx"), Original.PathOf("onnx/text_model_fp16.onnx"));
        File.Copy(Original.PathOf("onnx/vision_model.onnx"), Original.PathOf("onnx/vision_model_q4.onnx"));
        Original.Write("pytorch_model.bin", "not wanted");
        Original.Write("README.md", "a card");
        Server = await HubServer.StartAsync(Original.Folder);
        Server.Files["remote.json"] = "{}"u8.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Original.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ModelPullRequest Request() => new() { Model = HubServer.Repository, Into = Folder };

    private protected Task<PulledModel> PullAsync(
        string? graph = null, string? name = null, CancellationToken cancellationToken = default) =>
        new ModelHub(Server.Options()).PullAsync(Request() with { Graph = graph, Name = name }, progress: null, cancellationToken);
}
