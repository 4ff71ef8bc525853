using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Uploads;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Uploads;

public sealed class UploadTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task AddUpload_Pdf_IsIndexedUnderItsName()
    {
        IndexReport report = await UploadAsync("C:\\fakepath\\harbour plan.pdf", SampleLibrary.Pdf("harbour"));

        Assert.Equal((1, 1), (report.Indexed, report.EntriesAdded));
        Assert.Equal(["harbour plan.pdf#page=1"], _sample.Search("harbour", SearchSide.Text));
        Assert.NotEmpty(await _sample.Library.GetPictureAsync(SampleLibrary.Collection, "harbour plan.pdf#page=1", 64));
    }

    [Fact]
    public async Task AddUpload_SameNameAgain_Replaces()
    {
        await UploadAsync("a.pdf", SampleLibrary.Pdf("harbour"));
        await UploadAsync("a.pdf", SampleLibrary.Pdf("glacier"));

        Assert.Empty(_sample.Search("harbour", SearchSide.Text));
        Assert.Equal(["a.pdf#page=1"], _sample.Search("glacier", SearchSide.Text));
    }

    [Fact]
    public async Task StoreUpload_OverTheLimit_StoresNothing()
    {
        _sample.Reopen(options => options with { Limits = options.Limits with { MaxFileBytes = 100 } });

        MediaException error = await Assert.ThrowsAsync<MediaException>(
            () => _sample.Library.Uploads.StoreAsync(SampleLibrary.Collection, "a.pdf", new MemoryStream(new byte[101])));

        Assert.Equal("media:maxFileBytes", error.Setting);
        Assert.Empty(Directory.GetFiles(Path.Combine(_sample.Options.DataFolder, SampleLibrary.Collection, "uploads")));
    }

    [Fact]
    public async Task RemoveDocument_Upload_GoesWithItsFileAndAUsersFileStays()
    {
        string own = _sample.WritePdf("own.pdf", "glacier");
        _sample.Index();
        await UploadAsync("a.pdf", SampleLibrary.Pdf("harbour"));
        string stored = _sample.Opened.Documents.Get("a.pdf")!.SourcePath!;

        Assert.True(await _sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "a.pdf"));
        Assert.True(await _sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "own.pdf"));
        Assert.False(await _sample.Library.RemoveDocumentAsync(SampleLibrary.Collection, "own.pdf"));

        Assert.False(File.Exists(stored));
        Assert.True(File.Exists(own));
        Assert.Empty(_sample.Keys());
        Assert.Empty(_sample.Opened.Sources.List());
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a/b\\c.png", "c.png")]
    [InlineData("...hidden", "hidden")]
    [InlineData("x#page=2.png", "x_page=2.png")]
    [InlineData("a\0b\n.png", "a_b_.png")]
    [InlineData("Grün.pdf", "Grün.pdf")]
    [InlineData("Gru\u0308n.pdf", "Gr\u00FCn.pdf")]
    public void CleanName_Name_IsSafe(string given, string expected) => Assert.Equal(expected, UploadStore.CleanName(given));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/")]
    public void CleanName_NothingLeft_Throws(string given) => Assert.Throws<ArgumentException>(() => UploadStore.CleanName(given));

    [Fact]
    public void CleanName_AnyText_StaysInItsFolder() => Prop.ForAll<NonNull<string>>(given =>
    {
        string name;
        try
        {
            name = UploadStore.CleanName(given.Get + "x");
        }
        catch (ArgumentException)
        {
            return true;
        }

        return Path.GetFileName(name) == name && name[0] != '.' && System.Text.Encoding.UTF8.GetByteCount(name) <= 200;
    }).QuickCheckThrowOnFailure();

    private Task<IndexReport> UploadAsync(string name, byte[] bytes) =>
        _sample.Library.Uploads.AddAsync(SampleLibrary.Collection, name, new MemoryStream(bytes));
}
