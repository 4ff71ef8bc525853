using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Models;

public sealed class ModelProfilesTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    [Theory]
    [InlineData("default", "minilm,page-words,photos,photos-alike")]
    [InlineData("words-only", "page-words")]
    [InlineData("words-only,minilm", "minilm,page-words")]
    public void CreateCollection_ByProfile_HasItsSpaces(string models, string spaces)
    {
        Collection collection = _sample.Library.CreateCollection("c", models.Split(','));

        Assert.Equal(spaces.Split(','), collection.Spaces.Select(space => space.Name));
    }

    [Fact]
    public void CreateCollection_WithoutAWord_IsTheDefaultProfile() =>
        Assert.Equal(
            BundledModels.DefaultNames.Order(StringComparer.Ordinal),
            _sample.Library.CreateCollection("c").Spaces.Select(space => space.Name));

    [Fact]
    public void Index_WithAnotherProfileLater_FillsTheNewSpacesAndKeepsTheOld()
    {
        _sample.WritePdf("a.pdf", "elephants walk in the valley");
        _sample.Index();
        ReadOnlySpan<float> before = _sample.Opened.Entries.GetVectors("a.pdf#page=1", "page-words")!.Values;

        IndexReport report = _sample.Index(request => request with { Models = ["default"] });

        Assert.Empty(report.Failed);
        Assert.True(before.SequenceEqual(_sample.Opened.Entries.GetVectors("a.pdf#page=1", "page-words")!.Values));
        Assert.Equal(1, _sample.Opened.Entries.GetVectors("a.pdf#page=1", "minilm")!.RowCount);
        Assert.Equal(["a.pdf#page=1"], _sample.Search("large animals with trunks"));
    }

    [Theory]
    [InlineData("a question in English", true)]
    [InlineData("une question en fran\u00E7ais", true)]
    [InlineData("2041", true)]
    [InlineData("\u05D7\u05E9\u05D1\u05D5\u05E0\u05D9\u05EA", false)]
    [InlineData("\u4ED8\u6B3E invoice", true)]
    public void CanRead_ModelOfLatinLetters_GoesByMostOfThem(string text, bool canRead) =>
        Assert.Equal(canRead, EncoderModel.Inspect(Path.Combine(BundledModels.Folder, BundledModels.Sentences)).CanRead(text));

    public void Dispose() => _sample.Dispose();
}
