using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server.Models;

public sealed class EmbeddingRoutesTests(ModelServer server) : IClassFixture<ModelServer>
{
    private const string Path = "/v1/embeddings";

    [Fact]
    public async Task Texts_AreTheVectorsOfTheLibrary_BitForBit()
    {
        string[] texts = ["red", "a blue photo", "red and green", "yellow"];

        JsonElement answer = await server.PostAsync(Path, new { model = server.One, input = texts, user = "somebody" });

        using EncoderModel model = server.Load(server.One);
        EncodedText[] expected = [.. texts.Select(text => model.EncodeText(text))];
        Assert.Equal("list", answer.GetProperty("object").GetString());
        Assert.Equal(server.One, answer.GetProperty("model").GetString());
        JsonElement[] data = [.. answer.GetProperty("data").EnumerateArray()];
        Assert.Equal([0, 1, 2, 3], data.Select(entry => entry.GetProperty("index").GetInt32()));
        Assert.All(data, entry => Assert.Equal("embedding", entry.GetProperty("object").GetString()));
        Assert.Equal(expected.SelectMany(text => text.Rows.Values.ToArray()), data.SelectMany(entry => Floats(entry, "embedding")));
        // Each text has a token before and one after its words.
        Assert.Equal(3 + 5 + 5 + 3, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(16, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.False(answer.TryGetProperty("notices", out _));
    }

    [Fact]
    public async Task OneText_IsAListOfOne()
    {
        JsonElement answer = await server.PostAsync(Path, new { model = server.One, input = "red" });

        Assert.Equal(1, answer.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Batch_KeepsItsOrder()
    {
        string[] words = ["red", "green", "blue", "yellow", "white", "black"];
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"{words[i % 6]} {words[i / 6 % 6]} {words[i / 36 % 6]}")];

        JsonElement answer = await server.PostAsync(Path, new { model = server.One, input = texts });

        using EncoderModel model = server.Load(server.One);
        Assert.Equal(
            texts.SelectMany(text => model.EncodeText(text).Rows.Values.ToArray()),
            answer.GetProperty("data").EnumerateArray().SelectMany(entry => Floats(entry, "embedding")));
    }

    [Theory]
    [InlineData("encoding_format")]
    [InlineData("embedding_type")]
    [InlineData("output_encoding")]
    public async Task Base64_DecodesToTheNumbers(string member)
    {
        JsonElement answer = await server.PostAsync(
            Path, new Dictionary<string, object> { ["model"] = server.One, ["input"] = "a blue photo", [member] = "base64" });

        using EncoderModel model = server.Load(server.One);
        Assert.Equal(
            model.EncodeText("a blue photo").Rows.Values.ToArray(), Decode(answer.GetProperty("data")[0].GetProperty("embedding")));
    }

    [Fact]
    public async Task Int8_TimesItsScale_IsWithinHalfAStepOfTheNumbers()
    {
        JsonElement entry = (await server.PostAsync(
            Path, new { model = server.One, input = "a blue photo", encoding_format = "int8" })).GetProperty("data")[0];

        using EncoderModel model = server.Load(server.One);
        float[] expected = model.EncodeText("a blue photo").Rows.Values.ToArray();
        int[] codes = entry.GetProperty("embedding").Deserialize<int[]>()!;
        float scale = entry.GetProperty("scales")[0].GetSingle();
        Assert.Equal("int8", entry.GetProperty("dtype").GetString());
        Assert.Equal(127, codes.Max(Math.Abs));
        Assert.All(codes.Zip(expected), pair => Assert.InRange(Math.Abs((pair.First * scale) - pair.Second), 0, scale * 0.5001));
    }

    [Fact]
    public async Task Bits_HaveTheFirstValueInTheHighestBit()
    {
        using EncoderModel model = server.Load(server.One);
        float[] values = model.EncodeText("red").Rows.Values.ToArray();
        int expected = Enumerable.Range(0, 4).Sum(i => values[i] > 0 ? 0x80 >> i : 0);

        JsonElement unsigned = await server.PostAsync(Path, new { model = server.One, input = "red", encoding_format = "ubinary" });
        JsonElement signed = await server.PostAsync(Path, new { model = server.One, input = "red", output_dtype = "binary" });

        Assert.Equal(0x80, expected); // red is above 0 on the first axis only
        Assert.Equal([expected], unsigned.GetProperty("data")[0].GetProperty("embedding").Deserialize<int[]>()!);
        Assert.Equal([expected - 128], signed.GetProperty("data")[0].GetProperty("embedding").Deserialize<int[]>()!);
    }

    [Theory]
    [InlineData("""{ "input": [{ "image": "BASE64" }] }""")]
    [InlineData("""{ "input": { "image": "data:image/png;base64,BASE64" } }""")]
    [InlineData("""{ "input": [{ "type": "image_url", "image_url": { "url": "data:image/png;base64,BASE64", "detail": "auto" } }] }""")]
    [InlineData("""{ "inputs": [{ "content": [{ "type": "image_base64", "image_base64": "data:image/png;base64,BASE64" }] }] }""")]
    [InlineData("""{ "inputs": [{ "content": [{ "type": "image_url", "image_url": "data:image/png;base64,BASE64" }] }], "truncation": true }""")]
    [InlineData("""{ "messages": [{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "data:image/png;base64,BASE64" } }] }] }""")]
    public async Task Picture_InEveryForm_IsTheVectorOfTheLibrary(string body)
    {
        RgbImage picture = ModelServer.Picture();
        string json = body.Replace("BASE64", ModelServer.Png(picture), StringComparison.Ordinal);
        Dictionary<string, JsonElement> request = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
        request["model"] = JsonSerializer.SerializeToElement(server.One);

        JsonElement answer = await server.PostAsync("/v1/multimodalembeddings", request);

        using EncoderModel model = server.Load(server.One);
        Assert.Equal(model.EncodeImage(picture).Values.ToArray(), Floats(answer.GetProperty("data")[0], "embedding"));
        Assert.Equal(0, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task SeveralRows_HaveShapeAndPlaces()
    {
        RgbImage picture = ModelServer.Picture();
        object[] input = [new { image = ModelServer.Png(picture) }, new { text = "red blue" }];

        JsonElement numbers = await server.PostAsync(
            Path, new { model = server.Several, input, return_multivector = true, return_places = true });
        JsonElement base64 = await server.PostAsync(
            Path, new { model = server.Several, input, return_multivector = true, embedding_type = "base64" });

        using EncoderModel model = server.Load(server.Several);
        MultiVector expected = model.EncodeImage(picture);
        JsonElement first = numbers.GetProperty("data")[0];
        Assert.Equal([expected.RowCount, 4], first.GetProperty("shape").Deserialize<int[]>()!);
        Assert.Equal("float32", first.GetProperty("dtype").GetString());
        Assert.Equal(expected.Values.ToArray(), first.GetProperty("embeddings").EnumerateArray().SelectMany(row => row.Deserialize<float[]>()!));
        Assert.Equal(
            expected.Places.ToArray().Select(place => (place.Left, place.Bottom)),
            first.GetProperty("places").Deserialize<float[][]>()!.Select(box => (box[0], box[3])));
        Assert.False(numbers.GetProperty("data")[1].TryGetProperty("places", out _));
        Assert.Equal(expected.Values.ToArray(), Decode(base64.GetProperty("data")[0].GetProperty("embeddings")));
        Assert.Equal(
            model.EncodeText("red blue").Rows.Values.ToArray(), Decode(base64.GetProperty("data")[1].GetProperty("embeddings")));
        Assert.False(base64.GetProperty("data")[0].TryGetProperty("places", out _));
    }

    [Fact]
    public async Task Dimensions_OfAModelThatCanBeShortened_AreUnitLeadingValues()
    {
        JsonElement answer = await server.PostAsync(Path, new { model = server.Short, input = "a blue photo", dimensions = 2 });

        using EncoderModel model = server.Load(server.Short);
        float[] whole = model.EncodeText("a blue photo").Rows.Values.ToArray();
        double length = Math.Sqrt((whole[0] * whole[0]) + (whole[1] * whole[1]));
        float[] actual = Floats(answer.GetProperty("data")[0], "embedding");
        Assert.Equal(2, actual.Length);
        Assert.Equal(whole[0] / length, actual[0], tolerance: 1e-6);
        Assert.Equal(whole[1] / length, actual[1], tolerance: 1e-6);
    }

    [Fact]
    public async Task Sides_ReadWithTheirPrompts()
    {
        using EncoderModel model = server.Load(server.TextOnly);
        float[] query = model.EncodeText("red").Rows.Values.ToArray();
        float[] passage = model.EncodePassage("red").Rows.Values.ToArray();

        Assert.Equal(query, await EmbedAsync("input_type", "query"));
        Assert.Equal(query, await EmbedAsync("task", "retrieval.query"));
        Assert.Equal(passage, await EmbedAsync("task", "retrieval.passage"));
        Assert.Equal(passage, await EmbedAsync("input_type", "search_document"));
        Assert.Equal(passage, await EmbedAsync("user", "nobody"));
        Assert.True(model.EncodePassage("red").TokenCount > model.EncodeText("red").TokenCount);

        async Task<float[]> EmbedAsync(string member, string value) => Floats(
            (await server.PostAsync(
                Path, new Dictionary<string, object> { ["model"] = server.TextOnly, ["input"] = "red", [member] = value }))
            .GetProperty("data")[0], "embedding");
    }

    [Fact]
    public async Task LongText_IsCutOnlyWhereThatIsAllowed_AndSaidSo()
    {
        const string text = "red red red red red red blue blue blue";
        JsonElement cut = await server.PostAsync(Path, new { model = server.One, input = text, truncate = true });
        using HttpResponseMessage refused = await server.Client.PostAsJsonAsync(Path, new { model = server.One, input = text });
        await using RunningServer lenient = await server.StartAsync(new ServerOptions { TruncateInputs = true });
        using HttpResponseMessage allowed = await lenient.Client.PostAsJsonAsync(Path, new { model = server.One, input = text });

        using EncoderModel model = server.Load(server.One);
        Assert.Equal(model.EncodeText(text).Rows.Values.ToArray(), Floats(cut.GetProperty("data")[0], "embedding"));
        Assert.Equal(8, cut.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Contains("11 tokens", cut.GetProperty("notices")[0].GetString(), StringComparison.Ordinal);
        JsonElement error = await OpenAiProblems.AssertAsync(refused, HttpStatusCode.BadRequest, "context_length_exceeded", "input");
        Assert.Contains("11 tokens", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Theory]
    [InlineData("""{ "input": "red" }""", "model", "missing")]
    [InlineData("""{ "model": "ONE" }""", "input", "input, inputs, messages")]
    [InlineData("""{ "model": "ONE", "input": "red", "inputs": ["red"] }""", "inputs", "exactly one")]
    [InlineData("""{ "model": "ONE", "input": [1, 2, 3] }""", "input[0]", "token ids")]
    [InlineData("""{ "model": "ONE", "input": [[1, 2], [3]] }""", "input[0]", "token ids")]
    [InlineData("""{ "model": "ONE", "input": [] }""", "input", "empty list")]
    [InlineData("""{ "model": "ONE", "input": ["red", ""] }""", "input[1]", "empty text")]
    [InlineData("""{ "model": "ONE", "input": "\ud800" }""", "input", "surrogate")]
    [InlineData("""{ "model": "ONE", "input": [{ "text": "red", "image": "x" }] }""", "input[0]", "image, text")]
    [InlineData("""{ "model": "ONE", "input": [{ "video": "x" }] }""", "input[0].video", "not known")]
    [InlineData("""{ "model": "ONE", "input": [{ "image": "http://127.0.0.1:1/a.png" }] }""", "input[0].image", "fetches nothing")]
    [InlineData("""{ "model": "ONE", "input": [{ "type": "image_url", "image_url": { "url": "HTTPS://a/b" } }] }""", "input[0].image_url", "fetches nothing")]
    [InlineData("""{ "model": "ONE", "input": [{ "image": "file:///etc/passwd" }] }""", "input[0].image", "base64")]
    [InlineData("""{ "model": "ONE", "input": [{ "image": "bm8gcGljdHVyZQ==" }] }""", "input[0]", "no picture")]
    [InlineData("""{ "model": "ONE", "input": ["red", { "image": "iVBORw0KGgo=" }] }""", "input[1]", "cannot be read")]
    [InlineData("""{ "model": "ONE", "inputs": [{ "content": [{ "type": "text", "text": "a" }, { "type": "image_base64", "image_base64": "aaaa" }] }] }""", "inputs[0]", "2 parts")]
    [InlineData("""{ "model": "ONE", "input": "red", "dimensions": 2 }""", "dimensions", "matryoshkaDimension")]
    [InlineData("""{ "model": "SHORT", "input": "red", "dimensions": 5 }""", "dimensions", "[1, 4]")]
    [InlineData("""{ "model": "SHORT", "input": "red", "dimensions": 0 }""", "dimensions", "[1, 4]")]
    [InlineData("""{ "model": "SEVERAL", "input": "red" }""", "return_multivector", "return_multivector")]
    [InlineData("""{ "model": "ONE", "input": "red", "return_places": true }""", "return_places", "return_multivector")]
    [InlineData("""{ "model": "ONE", "input": "red", "normalized": false }""", "normalized", "length 1")]
    [InlineData("""{ "model": "ONE", "input": "red", "late_chunking": true }""", "late_chunking", "by itself")]
    [InlineData("""{ "model": "ONE", "input": "red", "encoding_format": "hex" }""", "encoding_format", "base64")]
    [InlineData("""{ "model": "ONE", "input": "red", "encoding_format": "float", "embedding_type": "int8" }""", "embedding_type", "one of them")]
    [InlineData("""{ "model": "ONE", "input": "red", "task": "separation" }""", "task", "retrieval.query")]
    [InlineData("""{ "model": "ONE", "input": "red", "truncate_prompt_tokens": 7 }""", "truncate_prompt_tokens", "-1")]
    [InlineData("""{ "model": "ONE", "input": "red", "banana": 1 }""", "banana", "banana")]
    [InlineData("""{ "model": "ONE", "input": "red", "dimensions": "2" }""", "dimensions", "kind")]
    [InlineData("""{ "model": "TEXT", "input": [{ "image": "bm8gcGljdHVyZQ==" }] }""", "input[0]", "takes none")]
    [InlineData("""{ "model": "ONE", "input": [{ "id": "a", "collection": "../x" }] }""", "collection", "no name")]
    [InlineData("null", null, "null")]
    [InlineData("[]", null, "JSON")]
    [InlineData("{", null, "JSON")]
    public async Task WrongRequest_IsRefusedByName(string body, string? param, string words)
    {
        string json = body.Replace("ONE", server.One, StringComparison.Ordinal).Replace("SHORT", server.Short, StringComparison.Ordinal)
            .Replace("SEVERAL", server.Several, StringComparison.Ordinal).Replace("TEXT", server.TextOnly, StringComparison.Ordinal);
        using StringContent content = new(json, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await server.Client.PostAsync(Path, content);

        JsonElement error = await OpenAiProblems.AssertAsync(response, HttpStatusCode.BadRequest, null, param);
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownModel_IsNotFound()
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync(Path, new { model = "/etc", input = "red" });

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.NotFound, "model_not_found", "model");
    }

    [Fact]
    public async Task Limits_NameTheirSettings()
    {
        await using RunningServer small = await server.StartAsync(
            new ServerOptions { MaxInputs = 2, MaxInputImages = 1, MaxInputLength = 5, MaxRequestBytes = 2048 });
        string png = ModelServer.Png(ModelServer.Picture());

        await AssertAsync(new { model = server.One, input = new[] { "red", "red", "red" } }, "server:maxInputs", "input");
        await AssertAsync(new { model = server.One, input = "yellow" }, "server:maxInputLength", "input");
        object[] pictures = [new { image = png }, new { image = png }];
        await AssertAsync(new { model = server.One, input = pictures }, "server:maxInputImages", "input[1].image");
        using HttpResponseMessage large = await small.Client.PostAsJsonAsync(
            Path, new { model = server.One, input = new string('a', 3000) });

        JsonElement error = await OpenAiProblems.AssertAsync(large, HttpStatusCode.RequestEntityTooLarge, "over_limit", null);
        Assert.Contains("server:maxRequestBytes", error.GetProperty("message").GetString(), StringComparison.Ordinal);

        async Task AssertAsync(object body, string setting, string param)
        {
            using HttpResponseMessage response = await small.Client.PostAsJsonAsync(Path, body);
            JsonElement error = await OpenAiProblems.AssertAsync(response, HttpStatusCode.BadRequest, "over_limit", param);
            Assert.Contains(setting, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/multimodalembeddings")]
    [InlineData("/v1/pooling")]
    [InlineData("/pooling")]
    [InlineData("/v1/score")]
    [InlineData("/score")]
    [InlineData("/v1/rerank")]
    [InlineData("/v2/rerank")]
    [InlineData("/rerank")]
    public async Task Route_WithoutTheKey_IsRefusedInTheFormOfItsClients(string path)
    {
        await using RunningServer guarded = await server.StartAsync(new ServerOptions { ApiKey = ModelServer.Key });

        using HttpResponseMessage response = await guarded.Client.PostAsJsonAsync(path, new { model = server.One, input = "red" });

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.Unauthorized, "invalid_api_key", null);
    }

    [Fact]
    public async Task OtherBody_IsUnsupported()
    {
        using StringContent content = new("model=x", System.Text.Encoding.UTF8, "text/plain");

        using HttpResponseMessage response = await server.Client.PostAsync(Path, content);

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_content_type", null);
    }

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/rerank")]
    public async Task OtherMethod_IsRefusedInTheFormOfItsClients(string path)
    {
        using HttpResponseMessage response = await server.Client.GetAsync(path);

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.MethodNotAllowed, "no_such_route", null);
    }

    [Fact]
    public async Task StoredEntry_WithoutItsCollection_IsNotFound()
    {
        object[] input = [new { id = "a.png", collection = "none" }];

        using HttpResponseMessage response = await server.Client.PostAsJsonAsync(Path, new { model = server.One, input });

        await OpenAiProblems.AssertAsync(response, HttpStatusCode.NotFound, "unknown_collection", null);
    }

    private static float[] Floats(JsonElement entry, string member) => entry.GetProperty(member).Deserialize<float[]>()!;

    private static float[] Decode(JsonElement base64)
    {
        byte[] bytes = base64.GetBytesFromBase64();
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4))];
    }
}
