using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Models;

/// <summary>A text-only query encoder asks a space that another encoder filled.</summary>
public sealed class AsymmetricPairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PlantedEncoder _gallery = PlantedEncoder.CreateSplit();
    private readonly SampleLibrary _sample;

    public AsymmetricPairTests()
    {
        _sample = new SampleLibrary(options => options with { ModelFolders = [_folder.PathOf("models")] });
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors.Take(3))
        {
            _sample.Write($"{word}-picture.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, (red, green, blue))));
        }

        // A gallery encoder without a text side.
        File.Delete(_gallery.PathOf("onnx/text_model.onnx"));
    }

    public void Dispose()
    {
        _sample.Dispose();
        _gallery.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Search_SpaceThatTheQueryEncoderNames_IsAsked(bool byName)
    {
        if (byName)
        {
            _gallery.Write("encoder.json", """{ "space": "colours of 2026" }""");
        }

        CreateQueryEncoder(byName ? "colours of 2026" : EncoderModel.Inspect(_gallery.Folder).SpaceId.Value);
        _sample.Index(request => request with { Models = [_gallery.Folder] });

        byte[] greenish = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (20, 240, 40)));
        SearchResult result = _sample.Search(query => query with { Text = "blue", Using = SearchSide.Vectors });
        SearchResult picture = _sample.Search(query => query with { ImageBytes = greenish, Using = SearchSide.Vectors });

        Assert.Equal("blue-picture.png", result.Hits[0].Entry.Key);
        Assert.Empty(result.Notices);
        Assert.Equal("green-picture.png", picture.Hits[0].Entry.Key);
    }

    [Fact]
    public void Search_GalleryEncoderThatIsGone_IsStillAsked()
    {
        CreateQueryEncoder(EncoderModel.Inspect(_gallery.Folder).SpaceId.Value);
        _sample.Index(request => request with { Models = [_gallery.Folder] });
        Directory.Delete(_gallery.PathOf("onnx"), recursive: true);
        _sample.Reopen();

        SearchResult result = _sample.Search(query => query with { Text = "green", Using = SearchSide.Vectors });

        Assert.Equal("green-picture.png", result.Hits[0].Entry.Key);
    }

    [Fact]
    public void Search_QueryEncoderOfAnotherSpace_IsNotAskedForThisOne()
    {
        CreateQueryEncoder("colours of 2025");
        _sample.Index(request => request with { Models = [_gallery.Folder] });

        SearchResult result = _sample.Search(query => query with { Text = "blue", Using = SearchSide.Vectors });

        Assert.Empty(result.Hits);
        Assert.Contains("takes no text", Assert.Single(result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_QueryEncoderOfAnotherDimension_IsRefusedByName()
    {
        CreateQueryEncoder(EncoderModel.Inspect(_gallery.Folder).SpaceId.Value, "\"matryoshkaDimension\": 2,");
        _sample.Index(request => request with { Models = [_gallery.Folder] });

        ModelFormatException error = Assert.Throws<ModelFormatException>(
            () => _sample.Search(query => query with { Text = "blue", Using = SearchSide.Vectors }));

        Assert.Contains("of 4 values a row, and makes rows of 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.PathOf("models/asks"), error.Folder);
    }

    [Fact]
    public void Index_WithAQueryEncoder_IsRefused()
    {
        CreateQueryEncoder("colours of 2026");

        ModelFormatException error = Assert.Throws<ModelFormatException>(
            () => _sample.Index(request => request with { Models = ["asks"] }));

        Assert.Contains("encodes queries only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_VectorsThatWereImported_AreAskedByTheQueryEncoderAlone()
    {
        _gallery.Write("encoder.json", """{ "space": "colours of 2026" }""");
        _sample.Index(request => request with { Models = [_gallery.Folder] });
        FaissExchange.Export(
            _sample.Opened, _sample.Opened.Spaces[0].Name, _folder.PathOf("gallery.faiss"), graph: null, TestContext.Current.CancellationToken);
        Directory.Delete(_gallery.PathOf("onnx"), recursive: true);
        CreateQueryEncoder("colours of 2026");
        _sample.Reopen();
        Collection imported = _sample.Library.CreateCollectionForImport("imported", "asks");

        int entries = FaissExchange.Import(
            imported, "asks", _folder.PathOf("gallery.faiss"), TestContext.Current.CancellationToken);
        SearchResult result = _sample.Search(
            query => query with { Collection = "imported", Text = "red", Using = SearchSide.Vectors });

        Assert.Equal(3, entries);
        Assert.Equal("red-picture.png", result.Hits[0].Entry.Key);
    }

    [Theory]
    [InlineData("\"space\": \"a\", \"compatibleWith\": \"b\"", "says space and compatibleWith")]
    [InlineData("\"space\": \" \"", "space is a name of 1 to 200 characters")]
    [InlineData("\"compatibleWith\": \"\"", "an id of 32")]
    public void Inspect_SpacesThatAreNone_IsAnError(string members, string expected)
    {
        _gallery.Write("encoder.json", $"{{ {members} }}");

        Assert.Contains(
            expected, Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(_gallery.Folder)).Message, StringComparison.Ordinal);
    }

    private void CreateQueryEncoder(string space, string more = "")
    {
        using PlantedEncoder asks = PlantedEncoder.CreateSplit();
        asks.Write("encoder.json", $"{{ {more} \"compatibleWith\": \"{space}\" }}");
        File.Delete(asks.PathOf("onnx/vision_model.onnx"));
        string target = _folder.PathOf("models/asks");
        foreach (string file in Directory.EnumerateFiles(asks.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(asks.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
