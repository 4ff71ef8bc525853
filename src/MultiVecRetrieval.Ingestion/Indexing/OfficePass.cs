using System.Collections.Concurrent;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The pass that draws the pages of office documents, once these are found by their text: a document becomes pages as those of a PDF are,
/// which take the place of its sections in one commit. What keeps them from it leaves the text and is said in the ledger; what a stop
/// leaves waits there.
/// </summary>
/// <param name="pages">Converts documents.</param>
internal sealed class OfficePass(OfficePages pages) : IDisposable
{
    // Converted documents lie on disk until their pages are stored; and LibreOffice takes some 200 MiB each time.
    private const int MaxOpenDocuments = 8;
    private const int MaxConversions = 4;

    private readonly SemaphoreSlim _slots = new(MaxOpenDocuments);
    private readonly ConcurrentDictionary<string, ConvertedFile> _open = new(StringComparer.Ordinal);

    /// <summary>Converts what waits, and has its pages read.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Plan(RunContext run, ReadContext reading, WorkPool pool)
    {
        if (!reading.Options.OfficePages)
        {
            return;
        }

        List<SourceFile> rows = [.. run.Collection.Sources.List(SourceState.Indexed)
            .Where(row => !row.IsMissing && WaitState.Of(row.Reason) == WaitState.Pages)];
        if (rows.Count == 0)
        {
            return;
        }

        if (OfficePages.FindMissing(reading.Options.ToolFolder) is { } missing)
        {
            string found = rows.Count == 1 ? "1 office document is" : $"{rows.Count} office documents are";
            run.Tally.AddNotice($"{found} found by text alone; the next run draws the pages, to be found by sight and shown, once "
                + $"{missing.Name} is installed: {missing.InstallCommand}");
            return;
        }

        string[] unfilled = [.. run.Collection.Spaces.Select(space => space.Name)
            .Except(run.Encoders.Select(encoder => encoder.Space.Name), StringComparer.Ordinal)];
        if (unfilled.Length > 0)
        {
            // Rows that nobody fills now belong to the sections, and would go with them.
            string documents = rows.Count == 1 ? "1 office document" : $"{rows.Count} office documents";
            run.Tally.AddNotice($"The pages of {documents} were not drawn: that would cost their rows in "
                + $"{string.Join(", ", unfilled)}, which nothing fills now. A run without such a space draws them.");
            return;
        }

        run.Meter.ExpectDrawing(rows.Count);
        PageSchedule schedule = new(run, reading, pool);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = Math.Clamp(run.WorkerCount / 2, 1, MaxConversions),
            CancellationToken = run.CancellationToken,
        };
        Parallel.ForEach(Partitioner.Create(rows, loadBalance: true), parallel, row => Draw(row, run, reading, schedule));
    }

    /// <summary>Removes what a stop has left.</summary>
    public void Dispose()
    {
        foreach (ConvertedFile file in _open.Values)
        {
            file.Dispose();
        }

        _slots.Dispose();
    }

    private void Draw(SourceFile row, RunContext run, ReadContext reading, PageSchedule schedule)
    {
        string path = IndexScope.FullPath(row);
        if (run.FindStored(row) is not { } stored || !SourceTable.IsCurrent(row, new FileInfo(path)))
        {
            run.Meter.DocumentDrawn();
            return;
        }

        _slots.Wait(run.CancellationToken);
        FoundFile file = new(row.Root, row.Path, path, row.SizeInBytes, row.ModifiedAt, row.ChangedAt);
        bool isTextOfThisRun = run.Ledger.Find(file) is not { State: SourceState.Indexed } before || before.ContentHash != row.ContentHash;
        DocumentWork work = new(file, stored with { MediaType = MediaType.Page }, row, run.Writer)
        {
            Encoders = run.Encoders,
            ArePagesOfText = true,
            CountedEntryCount = isTextOfThisRun ? stored.EntryCount : 0,
            Settled = () =>
            {
                if (_open.TryRemove(stored.Key, out ConvertedFile? converted))
                {
                    converted.Dispose();
                }

                run.Meter.DocumentDrawn();
                _slots.Release();
            },
        };
        try
        {
            run.Meter.Drawing(stored.Key);
            ConvertedFile pdf = pages.Open(stored, run.CancellationToken);
            _open[stored.Key] = pdf;
            Schedule(work, pdf.Path, reading.Pages.ReadInformation(pdf.Path, run.CancellationToken).PageCount, run, schedule);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            work.Fail(error);
        }
    }

    private static void Schedule(DocumentWork work, string pdf, int pageCount, RunContext run, PageSchedule schedule)
    {
        Document stored = run.Collection.Documents.Get(work.Document.Key) ?? work.Document;
        IReadOnlyList<Entry> entries = run.Collection.Entries.List(stored.Key, limit: int.MaxValue);
        bool areSlides = entries.All(entry => entry.Key[stored.Key.Length..].StartsWith(TextContent.SlideMark, StringComparison.Ordinal));
        // Pages that are drawn anew know no other text than their own, but what slides do not show.
        IEnumerable<KeyValuePair<int, string>> texts =
            entries.Select(entry => KeyValuePair.Create(entry.Page ?? 1, run.Collection.Entries.GetText(entry.Key)?.Text ?? ""));
        TextBefore? before = stored.MediaType == MediaType.Page && !areSlides ? null : new TextBefore(texts, areSlides);
        if (before is { AreSlides: true } && before.SlideCount != pageCount)
        {
            work.Fail($"{before.SlideCount} slides became {pageCount} pages, so that it is not known which is which");
            return;
        }

        schedule.AddPages(work, pdf, pageCount, areSlides ? TextContent.SlideMark : DocumentKeys.PageMark, before);
    }
}
