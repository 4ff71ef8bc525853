using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public sealed class SeveralSpacesTests : IDisposable
{
    private readonly TemporaryFolder _models = new();
    private readonly SampleLibrary _sample;

    public SeveralSpacesTests()
    {
        CopyModel("page-words-small",
            description => description.Replace("\"pageLongSide\": 1754", "\"pageLongSide\": 1240", StringComparison.Ordinal));
        _sample = new SampleLibrary(options => options with { ModelFolders = [_models.FullName] });
    }

    public void Dispose()
    {
        _sample.Dispose();
        _models.Dispose();
    }

    [Fact]
    public void Index_TwoModels_EachSeesPagesAsItWouldAlone()
    {
        _sample.WritePdf("a.pdf", "harbour", "glacier");
        _sample.Index();
        float[] alone = Rows("a.pdf#page=2", "page-words");
        _sample.Delete();

        IndexReport report = _sample.Index(request => request with { Models = ["page-words", "page-words-small"] });

        Assert.Equal(2, report.EntriesAdded);
        Assert.Equal(alone, Rows("a.pdf#page=2", "page-words"));
        Assert.NotEmpty(Rows("a.pdf#page=2", "page-words-small"));
    }

    [Fact]
    public void Index_ModelAddedLater_FillsWhatIsThereAndKeepsTheOtherRows()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.WriteTextPicture("b.png", "lighthouse");
        _sample.WritePicture("blank.png");
        _sample.Index();
        float[] before = Rows("a.pdf#page=1", "page-words");

        IndexReport report = _sample.Index(request => request with { Models = ["page-words-small"] });

        Assert.Equal((3, 3, 0), (report.Seen, report.Indexed, report.Pending));
        Assert.Equal(before, Rows("a.pdf#page=1", "page-words"));
        Assert.NotEmpty(Rows("a.pdf#page=1", "page-words-small"));
        Assert.NotEmpty(Rows("b.png", "page-words-small"));
        Assert.Equal(3, _sample.Index().Unchanged);
        _sample.AssertComplete();
    }

    [Fact]
    public async Task Index_ModelOfASpaceIsGone_IsRefusedByNameAndIdAndTextStillAnswers()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index(request => request with { Models = ["page-words-small"] });
        SpaceId id = _sample.Opened.Spaces[0].Id;
        Directory.Delete(_models.PathOf("page-words-small"), recursive: true);
        _sample.Reopen();

        ModelNotFoundException error = Assert.Throws<ModelNotFoundException>(() => _sample.Index());

        Assert.Equal(("page-words-small", id), (error.Model, error.Expected));
        SearchResult result = await _sample.Library.SearchAsync(new LibraryQuery { Collection = SampleLibrary.Collection, Text = "harbour" });
        Assert.Equal("a.pdf#page=1", Assert.Single(result.Hits).Entry.Key);
        string notice = Assert.Single(result.Notices);
        Assert.Contains(id.Value, notice, StringComparison.Ordinal);
        Assert.DoesNotContain(_models.FullName, notice, StringComparison.Ordinal);
    }

    private float[] Rows(string key, string space) => _sample.Opened.Entries.GetVectors(key, space)!.Values.ToArray();

    private void CopyModel(string name, Func<string, string> change)
    {
        foreach (string file in Directory.EnumerateFiles(BundledModels.DefaultFolder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_models.PathOf(name), Path.GetRelativePath(BundledModels.DefaultFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            if (Path.GetFileName(file) == "encoder.json")
            {
                File.WriteAllText(copy, change(File.ReadAllText(file)));
            }
        }
    }
}
