using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Jobs;

public sealed class LibraryJobsTests : IDisposable
{
    private readonly SampleLibrary _library = new();

    private LibraryJobs Jobs => _library.Library.Jobs;

    public void Dispose() => _library.Dispose();

    [Fact]
    public async Task StartIndex_FollowedToItsEnd_TellsEveryStateOnceAndIsKept()
    {
        _library.WritePdf("one.pdf", "alpha", "beta");
        _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);

        LibraryJob accepted = Jobs.StartIndex(new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_library.Sources] });
        List<LibraryJob> told = await FollowAsync(accepted.Id);
        _library.Reopen();

        Assert.Equal((JobKind.Index, JobState.Queued), (accepted.Kind, accepted.State));
        Assert.Equal(told.Select(job => job.Revision).Distinct().Order(), told.Select(job => job.Revision));
        Assert.Equal((JobState.Succeeded, 1, 2), (told[^1].State, told[^1].Report!.Indexed, (int)told[^1].Progress!.EntriesDone));
        LibraryJob kept = Jobs.Find(accepted.Id)!;
        Assert.Equal((JobState.Succeeded, 1), (kept.State, kept.Report!.Indexed));
        Assert.Equal([accepted.Id], Jobs.List().Select(job => job.Id));
        Assert.Equal([JobState.Succeeded], (await FollowAsync(accepted.Id)).Select(job => job.State));
        Assert.False(Jobs.IsLive(accepted.Id));
        Assert.False(Jobs.Cancel(accepted.Id));
    }

    [Fact]
    public async Task Start_JobThatFails_SaysWhyAndTheNextOneRuns()
    {
        _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        _library.WritePdf("one.pdf", "alpha");

        LibraryJob failing = Jobs.StartIndex(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_library.PathOf("absent")] });
        LibraryJob following = Jobs.StartIndex(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_library.Sources] }, isUpload: true);
        LibraryJob failed = (await FollowAsync(failing.Id))[^1];
        LibraryJob succeeded = (await FollowAsync(following.Id))[^1];

        Assert.Equal(JobState.Failed, failed.State);
        Assert.Contains(_library.PathOf("absent"), failed.Error, StringComparison.Ordinal);
        Assert.Equal((JobKind.Upload, JobState.Succeeded), (succeeded.Kind, succeeded.State));
    }

    [Fact]
    public async Task Cancel_JobThatWaits_IsCancelledAndLetsTheLockGo()
    {
        _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        for (int i = 0; i < 6; i++)
        {
            _library.WritePdf($"{i}.pdf", "alpha", "beta");
        }

        IndexRequest request = new() { Collection = SampleLibrary.Collection, Paths = [_library.Sources] };
        LibraryJob first = Jobs.StartIndex(request);
        LibraryJob second = Jobs.StartIndex(request);

        Assert.True(Jobs.Cancel(second.Id));
        Assert.Equal(JobState.Cancelled, (await FollowAsync(second.Id))[^1].State);
        Assert.Equal(JobState.Succeeded, (await FollowAsync(first.Id))[^1].State);
        Assert.Null((await FollowAsync(second.Id))[^1].Report);
    }

    [Fact]
    public async Task Stop_JobsOfALibraryThatCloses_AreInterrupted()
    {
        _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        for (int i = 0; i < 6; i++)
        {
            _library.WritePdf($"{i}.pdf", "alpha", "beta");
        }

        IndexRequest request = new() { Collection = SampleLibrary.Collection, Paths = [_library.Sources] };
        string[] ids = [Jobs.StartIndex(request).Id, Jobs.StartIndex(request).Id];
        await Jobs.StopAsync();
        _library.Reopen();

        Assert.Equal(JobState.Interrupted, Jobs.Find(ids[1])!.State);
        Assert.True(Jobs.Find(ids[0])!.HasEnded);
        LibraryJob again = Jobs.StartIndex(request);
        Assert.Equal(JobState.Succeeded, (await FollowAsync(again.Id))[^1].State);
        Assert.Equal(12, _library.Keys().Count);
    }

    [Fact]
    public void MarkInterrupted_LeftByAFormerProcess_IsMarkedAndTold()
    {
        Collection collection = _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        collection.Jobs.Save(
            new JobRecord { Id = "left", Kind = "retry", State = "running", RequestJson = "null", CreatedAt = now, UpdatedAt = now });

        Jobs.MarkInterrupted();

        LibraryJob left = Jobs.Find("left")!;
        Assert.Equal((JobKind.Retry, JobState.Interrupted), (left.Kind, left.State));
        Assert.Contains("start it again", left.Error, StringComparison.Ordinal);
        Assert.Null(Jobs.Find("absent"));
    }

    [Fact]
    public void DamagedCollection_HidesNoOther()
    {
        _library.Library.CreateCollection(SampleLibrary.Collection, ["words-only"]);
        string damaged = Path.Combine(_library.Options.DataFolder, "damaged");
        _library.Library.CreateCollection("damaged", ["words-only"]);
        _library.Reopen();
        File.WriteAllBytes(Path.Combine(damaged, "catalog.db"), new byte[8192]);

        Assert.Empty(Jobs.List());
        Assert.Null(Jobs.Find("absent"));
        Jobs.MarkInterrupted();
        Assert.NotNull(_library.Library.TryGetCollection(SampleLibrary.Collection, out string? none));
        Assert.Null(_library.Library.TryGetCollection("damaged", out string? problem));
        Assert.Null(none);
        Assert.Contains("catalog.db", problem, StringComparison.Ordinal);
    }

    private async Task<List<LibraryJob>> FollowAsync(string id)
    {
        List<LibraryJob> told = [];
        await foreach (LibraryJob job in Jobs.FollowAsync(id, cancellationToken: TestContext.Current.CancellationToken))
        {
            told.Add(job);
        }

        return told;
    }
}
