using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>What a run tells while it goes on, and how it ends before its end.</summary>
public sealed class IndexProgressTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task Index_LongVideo_TellsHowFarItIs()
    {
        VideoFixture.Create(_sample.PathOf("film.mkv"), "-f", "lavfi", "-i", "testsrc=duration=40:size=64x48:rate=2");
        List<IndexProgress> told = [];

        await _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] }, new Listener(told));

        FileProgress[] readings = [.. told.Select(item => item.Reading).OfType<FileProgress>()];
        Assert.NotEmpty(readings);
        Assert.All(readings, reading => Assert.Equal(("film.mkv", 40d, FileProgressUnit.Seconds),
            (reading.File, Math.Round(reading.Total), reading.Unit)));
        Assert.Equal(readings.OrderBy(reading => reading.Done), readings);
        Assert.Null(told[^1].Reading);
    }

    [Fact]
    public void Measure_SecondPass_HasATimeOfItsOwnAndCountsNoEntryTwice()
    {
        using ProgressMeter meter = new(new RunTally(), target: null);
        meter.Expect(10);
        meter.EntriesDone(10, "a");
        meter.SetTotalKnown();

        meter.ExpectTexts(4);
        IndexProgress begun = meter.Measure();
        meter.TextsDone(1, "a");
        IndexProgress under = meter.Measure();

        Assert.Null(begun.Remaining);
        Assert.True(under.Remaining > TimeSpan.Zero);
        Assert.Equal((10, 10, 1, 4), (under.EntriesDone, under.EntriesTotal, under.PagesRecognized, under.PagesToRecognize));
    }

    [Fact]
    public async Task Index_Progress_EndsWithWhatTheReportSays()
    {
        _sample.WritePdf("a.pdf", "harbour", "glacier");
        _sample.WritePicture("b.png");
        _sample.Write("c.py", "text"u8.ToArray());
        List<IndexProgress> told = [];

        IndexReport report = await _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources] }, new Listener(told));

        IndexProgress last = told[^1];
        Assert.Equal((report.Seen, report.Seen, 3L, 3L, 0L),
            (last.FilesDone, last.FilesTotal, last.EntriesDone, last.EntriesTotal, last.FilesFailed));
        Assert.Equal(report.EntriesAdded, last.EntriesDone);
        Assert.Equal(told.OrderBy(item => item.EntriesDone).Select(item => item.EntriesDone), told.Select(item => item.EntriesDone));
        Assert.Equal(told.OrderBy(item => item.FilesDone).Select(item => item.FilesDone), told.Select(item => item.FilesDone));
        // Ten times a second and once at the end.
        Assert.InRange(told.Count, 1, (report.Elapsed.TotalSeconds * 10) + 2);
    }

    [Fact]
    public async Task Index_CancelledAtOnce_CommitsNothingHalfAndTheNextRunGoesOn()
    {
        _sample.WritePdf("a.pdf", "harbour", "glacier", "lighthouse");
        _sample.WritePdf("b.pdf", "station", "revenue");
        using CancellationTokenSource stop = new();
        Stopper progress = new(stop, entries: 1);

        IndexCanceledException error = await Assert.ThrowsAsync<IndexCanceledException>(() => _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources] }, progress, stop.Token));

        IndexReport cancelled = error.Report;
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal(cancelled.Seen, cancelled.Indexed + cancelled.Pending);
        _sample.AssertComplete();
        Assert.All(_sample.Opened.Documents.List(), document =>
            Assert.Equal(document.EntryCount, _sample.Opened.Entries.List(document.Key).Count));

        _sample.Reopen();
        IndexReport resumed = _sample.Index();

        Assert.Equal((2, 0), (resumed.Indexed + resumed.Unchanged, resumed.Pending));
        Assert.Equal(5, _sample.Keys().Count);
        _sample.AssertComplete();
    }

    [Fact]
    public async Task IndexAsync_CancelledWhileAnotherRunGoesOn_NeverBegins()
    {
        _sample.WritePdf("a.pdf", "harbour");
        using ManualResetEventSlim mayEnd = new();
        Holder progress = new(mayEnd);
        IndexRequest request = new() { Collection = SampleLibrary.Collection, Paths = [_sample.Sources] };
        Task<IndexReport> first = _sample.Library.IndexAsync(request, progress, TestContext.Current.CancellationToken);
        await progress.Began.WaitAsync(TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();

        Task<IndexReport> second = _sample.Library.IndexAsync(request, progress: null, stop.Token);
        Assert.False(second.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => second);

        Assert.False(first.IsCompleted);
        mayEnd.Set();
        Assert.Equal(1, (await first).Indexed);
    }

    private sealed class Listener(List<IndexProgress> told) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => told.Add(value);
    }

    private sealed class Stopper(CancellationTokenSource stop, long entries) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.EntriesDone >= entries)
            {
                stop.Cancel();
            }
        }
    }

    // The last report of a run comes before its end, so the run cannot end while this holds it.
    private sealed class Holder(ManualResetEventSlim mayEnd) : IProgress<IndexProgress>
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void Report(IndexProgress value)
        {
            _began.TrySetResult();
            Assert.True(mayEnd.Wait(TimeSpan.FromMinutes(1)));
        }
    }
}
