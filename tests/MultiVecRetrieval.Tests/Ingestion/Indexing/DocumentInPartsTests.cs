namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>A long document that is interrupted: what was read can be found, and the next run goes on behind it.</summary>
public sealed class DocumentInPartsTests : IDisposable
{
    private const int PageCount = 200;

    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Index_CancelledWithinALongDocument_KeepsItsPagesAndGoesOnBehindThem()
    {
        WriteLong();

        IndexReport interrupted = Interrupt();
        Document part = _sample.Opened.Documents.Get("long.pdf")!;
        IReadOnlyList<string> found = _sample.Search("word5x", SearchSide.Text);
        SourceFile pending = _sample.Source("long.pdf");
        _sample.AssertComplete();
        _sample.Reopen();
        IndexReport resumed = _sample.Index();
        IndexReport again = _sample.Index();

        Assert.Equal((1, 0), (interrupted.Pending, interrupted.Indexed));
        Assert.InRange(part.EntryCount, 65, PageCount - 1);
        Assert.Equal(PageCount, part.ExpectedEntryCount);
        Assert.Equal(part.EntryCount, interrupted.EntriesAdded);
        Assert.Equal("long.pdf#page=5", Assert.Single(found));
        Assert.Equal(SourceState.Pending, pending.State);
        Assert.Contains($"first {part.EntryCount} of {PageCount} pages", pending.Reason, StringComparison.Ordinal);
        Assert.Equal((1, PageCount - part.EntryCount), (resumed.Indexed, resumed.EntriesAdded));
        Assert.Equal((1, 0), (again.Unchanged, again.EntriesAdded));
        AssertWhole();
    }

    [Fact]
    public void Index_ChangedAfterTheInterruption_IsReadAnew()
    {
        WriteLong();
        Interrupt();
        _sample.WritePdf("long.pdf", [.. Enumerable.Range(1, 70).Select(page => $"other{page}x")]);

        IndexReport report = _sample.Index();

        Assert.Equal((1, 70), (report.Indexed, report.EntriesAdded));
        Assert.Empty(_sample.Search("word5x", SearchSide.Text));
        Assert.Equal((70, null), (_sample.Opened.Documents.Get("long.pdf")!.EntryCount,
            _sample.Opened.Documents.Get("long.pdf")!.ExpectedEntryCount));
    }

    [Fact]
    public async Task Retry_DocumentInPart_GoesOnAndKeepsItsMetadata()
    {
        WriteLong();
        Interrupt(request => request with { Metadata = new Dictionary<string, MetadataValue> { ["project"] = "alpha" } });

        await _sample.Library.RetryAsync(SampleLibrary.Collection, cancellationToken: TestContext.Current.CancellationToken);

        AssertWhole();
        Assert.Equal("alpha", _sample.Opened.Documents.Get("long.pdf")!.Metadata["project"].Value);
    }

    [Fact]
    public void Index_NewVersionOfALongDocumentInterrupted_KeepsTheOldOneWhole()
    {
        WriteLong();
        _sample.Index();
        _sample.WritePdf("long.pdf", [.. Enumerable.Range(1, PageCount).Select(page => $"other{page}x")]);

        Interrupt();

        AssertWhole();
        Assert.Empty(_sample.Search("other5x", SearchSide.Text));
    }

    private void WriteLong() => _sample.WritePdf("long.pdf", [.. Enumerable.Range(1, PageCount).Select(page => $"word{page}x")]);

    private IndexReport Interrupt(Func<IndexRequest, IndexRequest>? change = null)
    {
        using CancellationTokenSource stop = new();
        IndexRequest request = new() { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] };
        IndexCanceledException cancelled = Assert.ThrowsAsync<IndexCanceledException>(() => _sample.Library.IndexAsync(
            change?.Invoke(request) ?? request, new StopAfter(80, stop), stop.Token)).GetAwaiter().GetResult();
        return cancelled.Report;
    }

    private void AssertWhole()
    {
        Assert.Equal(Enumerable.Range(1, PageCount).Select(page => $"long.pdf#page={page}"),
            _sample.Opened.Entries.List("long.pdf", limit: 1000).Select(entry => entry.Key));
        Document document = _sample.Opened.Documents.Get("long.pdf")!;
        Assert.Equal((PageCount, null), (document.EntryCount, document.ExpectedEntryCount));
        Assert.All([1, 64, 65, 100, PageCount], page =>
            Assert.Equal($"long.pdf#page={page}", Assert.Single(_sample.Search($"word{page}x", SearchSide.Text))));
        Assert.Empty(_sample.Opened.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
        _sample.AssertComplete();
    }

    private sealed class StopAfter(long entryCount, CancellationTokenSource stop) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.EntriesDone >= entryCount)
            {
                stop.Cancel();
            }
        }
    }
}
