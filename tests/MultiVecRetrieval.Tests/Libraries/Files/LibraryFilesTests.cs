namespace MultiVecRetrieval.Tests.Libraries.Files;

/// <summary>What is known of files that were given and put into collections, also by another process later.</summary>
public sealed class LibraryFilesTests : IDisposable
{
    private static readonly Dictionary<string, MetadataValue> None = [];
    private static readonly Dictionary<string, MetadataValue> One = new() { ["a"] = 1 };

    private readonly TemporaryFolder _folder = new();
    private Library _library;

    public LibraryFilesTests()
    {
        _library = Open();
        _library.CreateCollection("texts", ["words-only"]);
    }

    public void Dispose()
    {
        _library.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task FindBatch_AfterARestart_HasItsFilesAsTheyAre()
    {
        StoredFile tides = await StoreAsync("tides.md", "# Tides\n\nThe sea rises.\n");
        StoredFile broken = await StoreAsync("broken.pdf", "no document");
        FileBatch batch = _library.Files.AttachBatch(
            "texts", [new FileGroup { Files = [tides] }, new FileGroup { Files = [broken], Metadata = One }]);
        foreach (string job in batch.JobIds)
        {
            await foreach (LibraryJob _ in _library.Jobs.FollowAsync(job, cancellationToken: TestContext.Current.CancellationToken))
            {
            }
        }

        Reopen();

        FileBatch found = _library.Files.FindBatch("texts", batch.Id)!;
        Assert.Equal(batch.FileIds, found.FileIds);
        Assert.Equal(batch.JobIds, found.JobIds);
        Assert.Equal(
            [(tides.Id, AttachedState.Completed), (broken.Id, AttachedState.Failed)],
            _library.Files.ListIn(found).Select(file => (file.Id, file.State)));
        Assert.Equal(AttachedState.Completed, _library.Files.FindIn("texts", tides.Id)!.State);
        Assert.Equal(_library.Files.ListIn("texts").Select(file => file.Id).Order(), batch.FileIds.Order());
        Assert.Null(_library.Files.FindBatch("other", batch.Id));
        Assert.Null(_library.Files.FindBatch("texts", "../texts"));
        Assert.Null(_library.Files.FindIn("texts", "file-0"));
    }

    [Fact]
    public async Task ListIn_BatchWhoseJobDidNotSucceed_NamesWhatWasNeverRead()
    {
        StoredFile tides = await StoreAsync("tides.md", "# Tides\n\nThe sea rises.\n");
        FileBatch never = new()
        {
            Id = "vsfb_0",
            Collection = "texts",
            CreatedAt = DateTimeOffset.UnixEpoch,
            FileIds = [tides.Id, "file-gone"],
            JobIds = ["gone"],
        };

        AttachedFile file = Assert.Single(_library.Files.ListIn(never));

        Assert.Equal((tides.Id, AttachedState.Cancelled), (file.Id, file.State));
    }

    [Fact]
    public async Task DetachAsync_WhileItsJobWaits_IsNotUndoneByTheJob()
    {
        StoredFile first = await StoreAsync("first.md", "# First\n\nThe sea rises.\n");
        StoredFile second = await StoreAsync("second.md", "# Second\n\nThe sea falls.\n");
        _library.Files.Attach("texts", [first], None);
        LibraryJob job = _library.Files.Attach("texts", [second], None);

        bool isDetached = await _library.Files.DetachAsync("texts", second.Id, TestContext.Current.CancellationToken);
        await foreach (LibraryJob _ in _library.Jobs.FollowAsync(job.Id, cancellationToken: TestContext.Current.CancellationToken))
        {
        }

        Assert.True(isDetached);
        Assert.Equal([first.Id], _library.Files.ListIn("texts").Select(file => file.Id));
        Assert.False(await _library.Files.DetachAsync("texts", second.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetLabel_AfterARestartAndARename_IsWhatWasSet()
    {
        Dictionary<string, string> metadata = new() { ["team"] = "tides" };
        _library.Files.SetLabel("texts", new StoreLabel { Name = "All texts!", Metadata = metadata });
        await _library.RenameCollectionAsync("texts", "words", TestContext.Current.CancellationToken);
        Reopen();

        StoreLabel label = _library.Files.GetLabel("words");

        Assert.Equal(("All texts!", null, "tides"), (label.Name, label.Description, label.Metadata["team"]));
        Assert.Throws<CollectionNotFoundException>(() => _library.Files.GetLabel("texts"));
    }

    private Library Open() => new(new LibraryOptions { DataFolder = _folder });

    private void Reopen()
    {
        _library.Dispose();
        _library = Open();
    }

    private Task<StoredFile> StoreAsync(string name, string text) =>
        _library.Files.StoreAsync(name, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);
}
