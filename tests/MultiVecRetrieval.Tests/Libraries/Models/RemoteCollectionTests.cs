using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Tests.Encoding;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Encoding.Remote;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Models;

/// <summary>A collection whose vectors come from elsewhere, through the whole path: files, text, picture, failures.</summary>
public sealed class RemoteCollectionTests : IAsyncLifetime
{
    private readonly SampleLibrary _sample = new();
    private EncoderServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await EncoderServer.StartAsync();
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors.Take(3))
        {
            _sample.Write($"{word}-picture.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, (red, green, blue))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sample.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("openAi", "")]
    [InlineData("jina", "\"base64\": true,")]
    [InlineData("pooling", "\"imageGrid\": { \"rows\": 2, \"columns\": 2 },")]
    public void Search_TextAndPicture_FindWhatTheyMean(string shape, string more)
    {
        using ModelFolder model = _server.CreateFolder(shape, more + " \"images\": true");
        IndexReport report = _sample.Index(request => request with { Models = [model.Path] });
        byte[] greenish = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (20, 240, 40)));

        SearchResult text = _sample.Search(query => query with { Text = "blue", Using = SearchSide.Vectors });
        SearchResult picture = _sample.Search(query => query with { ImageBytes = greenish });

        Assert.Equal((3, 0), (report.Indexed, report.Failed.Count));
        Assert.Equal("blue-picture.png", text.Hits[0].Entry.Key);
        Assert.Equal("green-picture.png", picture.Hits[0].Entry.Key);
    }

    [Fact]
    public void Search_PassagesEncodedElsewhere_FindsTheText()
    {
        using ModelFolder model = _server.CreateFolder("openAi", "\"texts\": true, \"passagePrompt\": \"{}\"");
        _sample.Write("first.txt", "the colour of this one is red"u8.ToArray());
        _sample.Write("second.txt", "the colour of this one is blue"u8.ToArray());
        _sample.Index(request => request with { Models = [model.Path] });

        SearchResult result = _sample.Search(query => query with { Text = "blue", Using = SearchSide.Vectors });

        Assert.StartsWith("second.txt", result.Hits[0].Entry.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_OnePictureThatIsRefused_FailsAlone()
    {
        using ModelFolder model = _server.CreateFolder("openAi");
        _sample.Write("zz-large.png", SampleLibrary.Png(SampleLibrary.Blocks(400, 400, seed: 1)));
        _server.Intercept = context =>
        {
            // What is refused is the one picture that is no plain colour, by its length.
            bool isLarge = context.Request.ContentLength > 1500;
            context.Response.StatusCode = isLarge ? 413 : 200;
            return Task.FromResult(isLarge);
        };

        IndexReport report = _sample.Index(request => request with { Models = [model.Path] }, TestContext.Current.CancellationToken);

        Assert.Equal(3, report.Indexed);
        Assert.Contains("Lower maxImageSide", Assert.Single(report.Failed).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_EncoderThatIsGone_EndsTheRunAndFailsNoFile()
    {
        using ModelFolder model = _server.CreateFolder("openAi");
        await _server.DisposeAsync();

        Assert.Throws<RemoteEncoderException>(() => _sample.Index(request => request with { Models = [model.Path] }));

        Assert.Equal(0, _sample.Opened.Sources.Count().Failed);
    }

    [Fact]
    public void Index_EncoderOfAnotherDimension_EndsTheRun()
    {
        using ModelFolder model = _server.CreateFolder("openAi");
        _server.Change = answer => answer["data"]![0]!["embedding"]!.AsArray().Add(1);

        RemoteDimensionException error = Assert.Throws<RemoteDimensionException>(
            () => _sample.Index(request => request with { Models = [model.Path] }));

        Assert.Equal((4, 5), (error.Expected, error.Actual));
    }
}
