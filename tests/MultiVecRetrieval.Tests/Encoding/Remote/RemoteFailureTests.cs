using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;

namespace MultiVecRetrieval.Tests.Encoding.Remote;

/// <summary>Servers that refuse, are slow, busy or away, and answers that are none.</summary>
public sealed class RemoteFailureTests : IAsyncLifetime
{
    private EncoderServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncoderServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(400, "bad input", true, "status 400: bad input.")]
    [InlineData(401, "no", false, "It wants a key")]
    [InlineData(403, "no", false, "keyVariable")]
    [InlineData(404, "", false, "the whole address")]
    [InlineData(413, "too large", true, "Lower maxImageSide or maxBatch")]
    [InlineData(302, "", false, "Redirections are not followed")]
    public void Encode_Refused_SaysWhereWhatAndWhatHelps(int status, string body, bool isOfInput, string expected)
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Intercept = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Equal(isOfInput, error.IsOfInput);
        Assert.Equal(_server.Address, error.Endpoint);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Encode_BusyServer_IsAskedAgainAfterWhatItAsks()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Intercept = context =>
        {
            if (_server.Requests.Count > 1)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(true);
        };
        long start = Stopwatch.GetTimestamp();

        model.EncodeText("red");

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.99), TimeSpan.FromSeconds(60));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public void Encode_ServerThatFails_IsAnErrorAfterTheRepetitions()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Intercept = context =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, false), (error.Status, error.IsOfInput));
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task Encode_NoServer_IsAnError()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        await _server.DisposeAsync();

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Null(error.Status);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_SlowAnswer_IsAnErrorThatNamesTheSetting()
    {
        using ModelFolder folder = _server.CreateFolder("openAi", "\"timeoutSeconds\": 0.05");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Delay = TimeSpan.FromSeconds(5);

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Contains("0.05 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Cancelled_Stops()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Delay = TimeSpan.FromSeconds(20);
        using CancellationTokenSource cancelling = new(TimeSpan.FromMilliseconds(100));
        long start = Stopwatch.GetTimestamp();

        Assert.ThrowsAny<OperationCanceledException>(() => model.EncodeText("red", cancelling.Token));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("openAi", "[1, 2, 3]", 3)]
    [InlineData("openAi", "[1, 2, 3, 4, 5, 6, 7, 8]", 8)]
    [InlineData("openAi", "\"AACAPwAAgD8=\"", 2)]
    [InlineData("pooling", "[[1, 2, 3, 4], [1, 2, 3]]", 3)]
    [InlineData("pooling", "\"AACAPwAAgD8=\"", 2)]
    public void Encode_VectorsOfAnotherLength_IsATypedError(string shape, string vector, int actual)
    {
        using ModelFolder folder = _server.CreateFolder(shape, "\"texts\": true");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Change = answer => SetVector(answer, vector);

        RemoteDimensionException error = Assert.Throws<RemoteDimensionException>(() => model.EncodeText("red"));

        Assert.Equal((EncoderServer.Dimension, actual), (error.Expected, error.Actual));
        Assert.Contains("remote.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2, 3, null]", "no number")]
    [InlineData("[1, 2, 3, \"4\"]", "no number")]
    [InlineData("[1, 2, 3, 1e300]", "not finite")]
    [InlineData("\"AACAPwAAgD8AAIA/AADAfw==\"", "not finite")]
    [InlineData("\"AACAPw!\"", "no base64")]
    [InlineData("\"AAA=\"", "no base64")]
    [InlineData("[[1, 2, 3, 4], [1, 2, 3, 4]]", "multiVector is false")]
    [InlineData("[[1, 2, 3, 4], 5]", "neither an array")]
    [InlineData("{}", "an entry has none of")]
    public void Encode_VectorsThatAreNone_IsAnError(string vector, string expected)
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Change = answer => SetVector(answer, vector);

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", "1 of 2 inputs")]
    [InlineData("twice", "twice")]
    [InlineData("beyond", "none or stands twice")]
    [InlineData("text", "none or stands twice")]
    [InlineData("no data", "no array data")]
    public void Encode_EntriesThatDoNotFitTheInputs_IsAnError(string change, string expected)
    {
        using ModelFolder folder = _server.CreateFolder("jina");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        PreparedImage picture = model.Prepare(RemoteEncoderTests.Quarters());
        _server.Change = answer =>
        {
            JsonArray data = answer["data"]!.AsArray();
            switch (change)
            {
                case "short": data.RemoveAt(0); break;
                case "twice": data[0]!["index"] = 0; break;
                case "beyond": data[0]!["index"] = 2; break;
                case "text": data[0]!["index"] = "1"; break;
                default: answer.Remove("data"); break;
            }
        };

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.Encode([picture, picture]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_AnswerThatIsNoJson_ShowsItsFirstWords()
    {
        using ModelFolder folder = _server.CreateFolder("openAi");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Intercept = async context =>
        {
            await context.Response.WriteAsync("<html>\n  <h1>Welcome</h1>" + new string('x', 5000));
            return true;
        };

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Contains("<html> <h1>Welcome</h1>", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 600);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_HugeAnswer_IsRefused(bool saysItsLength)
    {
        using ModelFolder folder = _server.CreateFolder("openAi", "\"maxAnswerBytes\": 1024");
        using EncoderModel model = EncoderModel.Load(folder.Path);
        _server.Intercept = async context =>
        {
            context.Response.ContentLength = saysItsLength ? 100_000 : null;
            try
            {
                await context.Response.Body.WriteAsync(new byte[100_000]);
            }
            catch (IOException)
            {
                // The client has gone, as it should.
            }

            return true;
        };

        RemoteEncoderException error = Assert.Throws<RemoteEncoderException>(() => model.EncodeText("red"));

        Assert.Contains("maxAnswerBytes", error.Message, StringComparison.Ordinal);
    }

    private static void SetVector(JsonObject answer, string vector)
    {
        JsonObject entry = answer["data"]![0]!.AsObject();
        entry[entry.ContainsKey("data") ? "data" : "embedding"] = JsonNode.Parse(vector);
    }
}
