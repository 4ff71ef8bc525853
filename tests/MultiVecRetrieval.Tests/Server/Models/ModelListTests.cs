using System.Net;
using System.Text.Json;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Server.Models;

public sealed class ModelListTests(ModelServer server) : IClassFixture<ModelServer>
{
    [Fact]
    public async Task List_IsThatOfOpenAi_AndSaysMore()
    {
        JsonElement answer = JsonSerializer.Deserialize<JsonElement>(await server.Client.GetStringAsync("/v1/models"));

        Assert.Equal("list", answer.GetProperty("object").GetString());
        JsonElement[] models = [.. answer.GetProperty("data").EnumerateArray()];
        Assert.Equal(
            server.Library.ListModels().Select(model => Path.GetFileName(model.Folder)),
            models.Select(model => model.GetProperty("id").GetString()));
        Assert.All(models, model =>
        {
            Assert.Equal("model", model.GetProperty("object").GetString());
            Assert.Equal("local", model.GetProperty("owned_by").GetString());
            Assert.True(model.GetProperty("created").GetInt64() > 1_600_000_000);
        });
        JsonElement several = Assert.Single(models, model => model.GetProperty("id").GetString() == server.Several);
        Assert.True(several.GetProperty("isMultiVector").GetBoolean());
        Assert.Equal(4, several.GetProperty("dimension").GetInt32());
    }

    [Fact]
    public async Task Get_IsTheEntryOfTheList_OrNotFound()
    {
        JsonElement model = JsonSerializer.Deserialize<JsonElement>(await server.Client.GetStringAsync($"/v1/models/{server.Short}"));
        using HttpResponseMessage unknown = await server.Client.GetAsync("/v1/models/none");

        Assert.Equal(server.Short, model.GetProperty("id").GetString());
        Assert.True(model.GetProperty("canShorten").GetBoolean());
        await OpenAiProblems.AssertAsync(unknown, HttpStatusCode.NotFound, "model_not_found", null);
    }

    [Fact]
    public async Task BundledSentences_AreThoseOfTheLibrary()
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(BundledModels.Folder, BundledModels.Sentences, "onnx", "model.onnx")), "minilm was not built.");
        string[] texts = ["How do I change a tyre?", "Replacing a flat wheel, step by step."];

        JsonElement answer = await server.PostAsync("/v1/embeddings", new { model = BundledModels.Sentences, input = texts });

        using EncoderModel model = server.Load(BundledModels.Sentences);
        EncodedText[] expected = [.. texts.Select(text => model.EncodePassage(text))];
        Assert.Equal(
            expected.SelectMany(text => text.Rows.Values.ToArray()),
            answer.GetProperty("data").EnumerateArray().SelectMany(entry => entry.GetProperty("embedding").Deserialize<float[]>()!));
        Assert.Equal(texts.Sum(text => model.Tokenize(text).Count), answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task BundledPhotos_AreThoseOfTheLibrary()
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(BundledModels.Folder, BundledModels.Photos, "onnx", "vision_model.onnx")), "photos was not built.");
        RgbImage picture = ModelServer.Picture();
        object[] input = [new { image = ModelServer.Png(picture) }];

        JsonElement answer = await server.PostAsync(
            "/v1/embeddings", new { model = BundledModels.Photos, input, return_multivector = true });

        using EncoderModel model = server.Load(BundledModels.Photos);
        Assert.Equal(
            model.EncodeImage(picture).Values.ToArray(),
            answer.GetProperty("data")[0].GetProperty("embeddings").EnumerateArray().SelectMany(row => row.Deserialize<float[]>()!));
    }
}
