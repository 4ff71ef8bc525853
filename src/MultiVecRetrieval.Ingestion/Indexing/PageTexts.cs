using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Passages;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The text layers of a PDF, read at once by the first block of pages that asks: what is a running head, and which words were broken at
/// line ends, only the whole document tells. Thread-safe.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="key">Key of the document.</param>
/// <param name="pageCount">Its pages.</param>
/// <param name="meter">Told how far it is: of a thousand pages nothing else is seen for a while.</param>
/// <param name="before">The text that is known of the document, if any.</param>
internal sealed class PageTexts(string path, string key, int pageCount, ProgressMeter meter, TextBefore? before)
{
    private readonly Lock _lock = new();

    // Apart from the other: who renders does not wait until all text is read.
    private readonly Lock _fileLock = new();
    private PageResult<PdfPageText>[]? _pages;
    private DocumentLayout? _layout;
    private CheckedPdf? _file;

    /// <summary>What the pages have in common.</summary>
    public DocumentLayout Layout => _layout ?? DocumentLayout.Unknown;

    /// <summary>The text of a page; call <see cref="Read"/> first.</summary>
    /// <param name="page">From 1.</param>
    public PageResult<PdfPageText> this[int page] => _pages![page - 1];

    /// <summary>What poppler lacked to read them, for people; null for nothing.</summary>
    public string? Lacking { get; private set; }

    /// <summary>What pages lose of the text that was known before; null for nothing of weight.</summary>
    public string? Loss { get; private set; }

    /// <summary>What is known of a page and is not shown by it; null for nothing.</summary>
    /// <param name="page">From 1.</param>
    public TextLayer? FindUnseen(int page) => before?.FindUnseen(page, this[page].Value?.Text ?? new TextLayer("", []));

    /// <summary>The file, looked at by the first who asks.</summary>
    /// <exception cref="MediaException">It is no PDF any more, or over a limit.</exception>
    public CheckedPdf GetFile(PdfReader reader)
    {
        lock (_fileLock)
        {
            return _file ??= reader.Check(path);
        }
    }

    /// <summary>Reads all pages, once.</summary>
    public void Read(ReadContext context)
    {
        lock (_lock)
        {
            if (_pages is not null)
            {
                return;
            }

            List<PageResult<PdfPageText>> pages = [];
            try
            {
                PdfReader reader = new(context.Pages.Limits) { Lacking = what => Lacking = what };
                foreach (PageResult<PdfPageText> page in reader.ReadText(GetFile(reader), 1, pageCount, context.CancellationToken))
                {
                    pages.Add(page);
                    meter.Reading(key, pages.Count, pageCount, FileProgressUnit.Pages);
                }
            }
            catch (MediaException error)
            {
                // What was read before is used; the file is one that opens, so the others may still be rendered.
                pages.AddRange(Enumerable.Range(pages.Count + 1, pageCount - pages.Count)
                    .Select(page => new PageResult<PdfPageText>(page, null, error)));
            }
            finally
            {
                meter.ReadingEnded(key);
            }

            _layout = DocumentLayout.Of(pages.Where(page => page.Value is not null).Select(page => page.Value!.Text));
            Loss = before is null ? null
                : pages.Find(page => page.Value is null) is { } unread
                    ? $"the words of page {unread.Page} cannot be read: {unread.Problem!.Reason}"
                    : before.FindLoss(pages.Select(page => page.Value!.Text));
            _pages = [.. pages];
        }
    }
}
