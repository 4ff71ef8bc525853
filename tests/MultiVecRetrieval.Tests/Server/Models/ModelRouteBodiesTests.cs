using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace MultiVecRetrieval.Tests.Server.Models;

public sealed class ModelRouteBodiesTests(ModelServer server) : IClassFixture<ModelServer>
{
    private static readonly string[] Paths =
        ["/v1/embeddings", "/v1/multimodalembeddings", "/pooling", "/v1/pooling", "/score", "/v1/score", "/v1/rerank", "/rerank", "/v2/rerank"];

    private static readonly string[] Members =
    [
        "model", "input", "inputs", "messages", "content", "role", "type", "text", "image", "image_url", "image_base64", "url", "id",
        "collection", "query", "queries", "documents", "text_1", "text_2", "data_1", "data_2", "encoding_format", "embedding_type",
        "output_dtype", "dimensions", "output_dimension", "input_type", "task", "return_multivector", "return_places", "normalized",
        "truncate", "truncate_prompt_tokens", "top_n", "return_documents", "user", "priority", "late_chunking", "other", "\\ud800", "",
    ];

    [Fact]
    public void AnyBody_OnAnyRoute_IsAnsweredOrRefused()
    {
        string png = ModelServer.Png(ModelServer.Picture());
        string[] texts =
        [
            server.One, server.Several, server.Short, server.TextOnly, "minilm", "red", "", " ", "text", "image", "image_url", "image_base64", "user",
            "base64", "float", "int8", "ubinary", "binary", "token_embed", "embed", "query", "document", "retrieval.query", png,
            "data:image/png;base64," + png, "data:image/png;base64," + png[..80], "data:,", "http://127.0.0.1:9/x", "iVBORw0KGgo=", "../..",
            "R0lGODlhAQABAAAAACw=", "\\ud800", "\\u0000", "colors", "a b c d e f g h i j k l m n",
        ];
        Gen<string> cases = Gen.Choose(0, 4).SelectMany(depth => Body(depth, texts));
        int answered = 0;

        Prop.ForAll(cases.Zip(Gen.Elements(Paths)).ToArbitrary(), test =>
        {
            using StringContent content = new(test.Item1, System.Text.Encoding.UTF8, "application/json");
            using HttpResponseMessage response = server.Client.PostAsync(test.Item2, content).GetAwaiter().GetResult();
            string text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            answered += response.IsSuccessStatusCode ? 1 : 0;
            return (response.IsSuccessStatusCode || ((int)response.StatusCode is >= 400 and < 500
                && JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error").GetProperty("message").GetString() is { Length: > 0 }))
                .Label($"{(int)response.StatusCode}: {text}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20261130, 3));

        // A property that only ever meets refusals says nothing of what lies behind them.
        Assert.InRange(answered, 30, 1500);
    }

    // A body that says what is needed, with members of it replaced and others added.
    private Gen<string> Body(int depth, string[] texts)
    {
        Gen<string> value = Value(depth, texts);
        Gen<string> member = Gen.Elements(Members).Zip(value).Select(pair => $"\"{pair.Item1}\": {pair.Item2}");
        Gen<string> good = Gen.Elements(
            $"\"model\": \"{server.One}\", \"input\": \"red\"",
            $"\"model\": \"{server.Several}\", \"input\": [\"red\", {{ \"text\": \"blue\" }}], \"return_multivector\": true",
            $"\"model\": \"{server.One}\", \"query\": \"red\", \"documents\": [\"red\", {{ \"text\": \"blue\" }}]",
            $"\"model\": \"{server.Several}\", \"text_1\": \"red\", \"text_2\": [\"red\", \"blue\"]",
            $"\"model\": \"{server.One}\"");
        Gen<string> mixed =
            from start in good
            from count in Gen.Choose(0, 2)
            from more in member.ListOf(count)
            select $"{{ {string.Join(", ", [start, .. more])} }}";
        return Gen.Frequency((5, mixed), (1, value), (1, member.ListOf(3).Select(list => $"{{ {string.Join(", ", list)} }}")));
    }

    private static Gen<string> Value(int depth, string[] texts)
    {
        Gen<string> leaf = Gen.Frequency(
            (4, Gen.Elements(texts).Select(text => $"\"{text}\"")),
            (2, Gen.Elements("0", "1", "-1", "2", "3.5", "1e400", "9999999999999", "null", "true", "false", "{}", "[]")));
        if (depth <= 0)
        {
            return leaf;
        }

        Gen<string> inner = Value(depth - 1, texts);
        Gen<string> list = Gen.Choose(0, 3).SelectMany(count => inner.ListOf(count)).Select(items => $"[{string.Join(", ", items)}]");
        Gen<string> record = Gen.Choose(0, 3)
            .SelectMany(count => Gen.Elements(Members).Zip(inner).Select(pair => $"\"{pair.Item1}\": {pair.Item2}").ListOf(count))
            .Select(members => $"{{ {string.Join(", ", members)} }}");
        return Gen.Frequency((2, leaf), (1, list), (2, record));
    }
}
