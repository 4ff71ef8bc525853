using System.Globalization;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Divides documents of pages into pieces that workers read.</summary>
internal sealed class PageSchedule(RunContext run, ReadContext reading, WorkPool pool)
{
    // More pages at once save starts of the renderer; fewer spread one document over more workers.
    private const int MaxBlockPages = 16;
    private const int BlocksPerWorker = 4;

    /// <summary>Announces the pages of a PDF and reads them.</summary>
    /// <param name="work">The document.</param>
    /// <param name="pdf">Absolute path of the PDF: its file, or what it was converted to.</param>
    /// <param name="pageCount">Its pages.</param>
    /// <param name="mark">What stands before the number of a page in its key.</param>
    /// <param name="before">The text that is known of it, if any.</param>
    public void AddPages(
        DocumentWork work, string pdf, int pageCount, string mark = DocumentKeys.PageMark, TextBefore? before = null)
    {
        // Each model sees a page at the size it wants, whatever other models the collection has.
        var sizes = work.PictureEncoders.GroupBy(encoder => encoder.Contract.PageLongSideInPixels)
            .Select(group => (LongSide: group.Key, Encoders: (IReadOnlyList<SpaceEncoder>)[.. group])).ToList();
        if (sizes.Count == 0)
        {
            // Nothing is rendered; only the words are read.
            sizes.Add((1, []));
        }

        // The text of a page is one more part of it where a space reads text.
        int partCount = sizes.Count + (work.PassageEncoders.Count > 0 ? 1 : 0);
        work.Expect([.. Enumerable.Range(1, pageCount).Select(page => (PageEntry(work.Document.Key, page, mark), partCount))]);
        AwaitStored(work);
        PageTexts texts = new(pdf, work.Document.Key, pageCount, run.Meter, before);
        run.Meter.Expect(pageCount - work.StoredEntryCount);
        int block = Math.Clamp((pageCount + (run.WorkerCount * BlocksPerWorker) - 1) / (run.WorkerCount * BlocksPerWorker), 1,
            MaxBlockPages);
        for (int first = work.StoredEntryCount + 1; first <= pageCount; first += block)
        {
            for (int part = 0; part < sizes.Count; part++)
            {
                int last = Math.Min(pageCount, first + block - 1);
                pool.Add(new PageBlockRead(work, texts, first, last, part, sizes[part].LongSide, sizes[part].Encoders));
            }
        }
    }

    /// <summary>Announces the pages of a TIFF and reads them.</summary>
    public void AddScans(DocumentWork work, IReadOnlyList<int> directories)
    {
        int count = Math.Min(directories.Count, reading.Options.Limits.MaxPages);
        work.Expect([.. Enumerable.Range(1, count).Select(page => (PageEntry(work.Document.Key, page, DocumentKeys.PageMark), 1))]);
        AwaitStored(work);
        run.Meter.Expect(count - work.StoredEntryCount);
        if (count < directories.Count)
        {
            work.Note(count - 1, $"the pages after it were passed over; the limit is {count} (setting media:maxPages)");
        }

        for (int page = work.StoredEntryCount + 1; page <= count; page++)
        {
            pool.Add(new ScanRead(work, page, directories[page - 1]));
        }
    }

    // Of the pages that an earlier run stored those without text wait as well.
    private void AwaitStored(DocumentWork work)
    {
        int index = 0;
        foreach (Entry entry in work.StoredEntryCount == 0 ? [] : run.Collection.Entries.List(work.Document.Key, limit: int.MaxValue))
        {
            if (run.Collection.Entries.GetText(entry.Key) is not { Words.Count: > 0 })
            {
                work.AwaitRecognition(index, reading.Options);
            }

            index++;
        }
    }

    private static Entry PageEntry(string documentKey, int page, string mark) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"{documentKey}{mark}{page}"),
        DocumentKey = documentKey,
        MediaType = MediaType.Page,
        Page = page,
    };
}
