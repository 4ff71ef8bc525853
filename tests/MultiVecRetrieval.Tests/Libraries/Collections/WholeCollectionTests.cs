using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Collections;

/// <summary>Renaming and deleting a collection, beside what else goes on with it.</summary>
public sealed class WholeCollectionTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Rename_CollectionWithAnUpload_KeepsItsFileAndReplacesItByName()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index(cancellationToken: Token);
        await UploadAsync(SampleLibrary.Collection, "glacier");

        await _sample.Library.RenameCollectionAsync(SampleLibrary.Collection, "other", Token);
        Document upload = _sample.Library.GetCollection("other").Documents.Get("note.pdf")!;
        byte[] picture = await _sample.Library.GetPictureAsync("other", "note.pdf#page=1", 64, cancellationToken: Token);
        IndexReport replaced = await UploadAsync("other", "meadow");

        Assert.False(_sample.Library.CollectionExists(SampleLibrary.Collection));
        Assert.True(File.Exists(upload.SourcePath), upload.SourcePath);
        Assert.NotEmpty(picture);
        Assert.Equal(1, replaced.Indexed);
        Assert.Equal(2, _sample.Library.GetCollection("other").GetStatistics().DocumentCount);
        Assert.Equal(_sample.PathOf("a.pdf"), _sample.Library.GetCollection("other").Documents.Get("a.pdf")!.SourcePath);
    }

    [Fact]
    public async Task Rename_NameThatIsTaken_ChangesNothing()
    {
        _sample.Library.CreateCollection("one", ["words-only"]);
        _sample.Library.CreateCollection("two", ["words-only"]);

        await Assert.ThrowsAsync<CollectionExistsException>(() => _sample.Library.RenameCollectionAsync("one", "two", Token));
        await Assert.ThrowsAsync<CollectionNotFoundException>(() => _sample.Library.RenameCollectionAsync("none", "three", Token));

        Assert.Equal(["one", "two"], _sample.Library.ListCollections());
    }

    [Fact]
    public async Task Delete_WhileARunIndexes_WaitsForIt()
    {
        _sample.WritePdf("a.pdf", "harbour");
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim mayEnd = new();
        IndexRequest request = new() { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] };
        Task<IndexReport> run = _sample.Library.IndexAsync(request, new Gate(begun, mayEnd), Token);
        begun.Wait(Token);

        Task deletion = _sample.Library.DeleteCollectionAsync(SampleLibrary.Collection, Token);
        await Task.Delay(100, Token);
        bool waited = !deletion.IsCompleted;
        mayEnd.Set();
        IndexReport report = await run;
        await deletion;

        Assert.True(waited);
        Assert.Equal(1, report.Indexed);
        Assert.False(_sample.Library.CollectionExists(SampleLibrary.Collection));
    }

    [Fact]
    public async Task Get_AfterTheOtherWriterIsDone_IsWritable()
    {
        using Library other = new(_sample.Options);
        bool whileOtherWrites;
        using (other.CreateCollection(SampleLibrary.Collection, ["words-only"]).HoldLock())
        {
            whileOtherWrites = _sample.Opened.IsWritable;
        }

        await Task.Delay(TimeSpan.FromSeconds(1.1), Token);

        Assert.False(whileOtherWrites);
        Assert.True(_sample.Opened.IsWritable);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<IndexReport> UploadAsync(string collection, string text)
    {
        using MemoryStream content = new(SampleLibrary.Pdf(text));
        return await _sample.Library.Uploads.AddAsync(collection, "note.pdf", content, cancellationToken: Token);
    }

    // Stops the run at its first word.
    private sealed class Gate(ManualResetEventSlim begun, ManualResetEventSlim mayEnd) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            begun.Set();
            mayEnd.Wait(TimeSpan.FromSeconds(30));
        }
    }
}
