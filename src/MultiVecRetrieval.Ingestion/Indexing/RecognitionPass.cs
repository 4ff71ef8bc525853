using System.Collections.Concurrent;
using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The last pass of a run: text of scanned pages and of pictures with much text, once everything else is committed. A step is some
/// pages of one document, of which only those are stored anew whose text was found; what a stop leaves waits in the ledger.
/// </summary>
internal sealed class RecognitionPass(RunContext run, ReadContext reading, OfficePages office)
{
    // A step is what a stop loses.
    private const int StepPageCount = 32;

    // About 210 dots an inch of A4; letters of a scan are read surely from about 150 on.
    private const int LongSide = 2480;

    private readonly Recognizer _recognizer =
        new(reading.Options.Limits, reading.Options.RecognitionLanguages, reading.Options.ToolFolder);
    private readonly StoredContent _stored = new(run.Collection);

    /// <summary>Recognises what waits, until nothing does or the run is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run()
    {
        if (!reading.Options.RecognizeText || !_recognizer.IsInstalled)
        {
            return;
        }

        List<SourceFile> rows = [.. run.Collection.Sources.List(SourceState.Indexed)
            .Where(row => !row.IsMissing && RecognitionState.CountWaiting(row.Reason) > 0)];
        run.Meter.ExpectTexts(rows.Sum(row => RecognitionState.CountWaiting(row.Reason)));
        foreach (SourceFile row in rows)
        {
            Recognize(row);
        }
    }

    private void Recognize(SourceFile row)
    {
        string path = IndexScope.FullPath(row);
        if (run.FindStored(row) is not { } document || !SourceTable.IsCurrent(row, new FileInfo(path)))
        {
            return;
        }

        Queue<Entry> waiting = new(run.Collection.Entries.List(document.Key, limit: int.MaxValue)
            .Where(entry => RecognitionState.IsWaiting(row.Reason, PageOf(entry))
                && run.Collection.Entries.GetText(entry.Key) is not { Words.Count: > 0 }));
        DocumentTask task = new(path, document, WaitState.ProblemsOf(row.Reason), row.Setting, waiting.Count);
        try
        {
            string? languages = null;
            do
            {
                Entry[] step = [.. Enumerable.Range(0, Math.Min(StepPageCount, waiting.Count)).Select(_ => waiting.Dequeue())];
                languages ??= step.Length == 0 ? "" : ChooseLanguages(task, step[0]);
                IReadOnlyCollection<EntryContent> found = languages is null ? [] : RecognizeStep(task, step, languages);
                if (languages is null)
                {
                    waiting.Clear();
                }

                Store(document, row with
                {
                    Reason = RecognitionState.Describe(task.DescribeProblems(), [.. waiting.Select(PageOf)]),
                    Setting = task.Setting,
                }, found);
            }
            while (waiting.Count > 0);
        }
        finally
        {
            task.Dispose();
            if (task.NewProblem is { } problem)
            {
                // They stay found by sight, and the ledger says why; a retry looks at them again.
                run.Tally.AddPartial(new FailedFile(path, problem, task.Setting));
            }
        }
    }

    // Null when nothing of the document can be recognised.
    private string? ChooseLanguages(DocumentTask task, Entry first)
    {
        try
        {
            if (OfficePages.AreOf(task.Document))
            {
                task.ReadFrom(office.Open(task.Document, run.CancellationToken));
            }

            return _recognizer.ChooseLanguages(Decode(task.Path, task.Document, first), run.CancellationToken);
        }
        catch (Exception error) when (IsOfAPage(error))
        {
            task.FailWhole(error);
            return null;
        }
    }

    private ConcurrentBag<EntryContent> RecognizeStep(DocumentTask task, Entry[] step, string languages)
    {
        ConcurrentBag<EntryContent> found = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = run.WorkerCount, CancellationToken = run.CancellationToken };
        Parallel.ForEach(step, parallel, entry =>
        {
            try
            {
                if (ReadPage(task.Path, task.Document, entry, languages) is { } content)
                {
                    found.Add(content);
                }
            }
            catch (Exception error) when (IsOfAPage(error))
            {
                task.Fail(PageOf(entry), error);
            }

            run.Meter.TextsDone(1, entry.Key);
        });
        return found;
    }

    private static int PageOf(Entry entry) => entry.Page ?? 1;

    private static bool IsOfAPage(Exception error) => error is MediaException or IOException or UnauthorizedAccessException
        || (error is RemoteEncoderException && !FailureReason.IsOfModel(error));

    private EntryContent? ReadPage(string path, Document document, Entry entry, string languages)
    {
        TextLayer text = _recognizer.Recognize(Decode(path, document, entry), languages, run.CancellationToken);
        if (text.Words.Count == 0)
        {
            return null;
        }

        Dictionary<string, MultiVector> vectors = [];
        foreach (SpaceEncoder encoder in run.Encoders.Where(encoder => encoder.Passages is not null))
        {
            if (encoder.Passages!.Encode(text, Passages.DocumentLayout.Unknown, run.CancellationToken) is { } rows)
            {
                vectors.Add(encoder.Space.Name, rows);
            }
        }

        return new EntryContent { Entry = entry, Text = text, Vectors = vectors };
    }

    private RgbImage Decode(string path, Document document, Entry entry)
    {
        if (entry.MediaType == MediaType.Image)
        {
            return reading.Images.DecodeFile(path);
        }

        return document.ContentType == MediaSniffer.GetContentType(MediaFormat.Tiff)
            ? reading.Images.DecodeFile(
                path, TiffDirectories.Read(path, reading.Options.Limits.MaxPages).Pages[entry.Page!.Value - 1], damage: null)
            : reading.Pages.RenderPage(path, entry.Page!.Value, LongSide, run.CancellationToken);
    }

    // Text and row of the ledger come together, or neither. The text of other pages and their rows stay where they are.
    private void Store(Document document, SourceFile row, IReadOnlyCollection<EntryContent> found)
    {
        using CollectionWriter batch = run.Collection.BeginWrite();
        if (found.Count > 0)
        {
            batch.ContinueDocument(document);
            foreach (EntryContent entry in found.OrderBy(entry => PageOf(entry.Entry)))
            {
                batch.Replace(_stored.AddTo(entry));
            }
        }

        batch.SetSource(row);
        batch.Commit();
    }

    /// <summary>What is to be said of one document in the end. Thread-safe.</summary>
    private sealed class DocumentTask(string path, Document document, string? problemsBefore, string? setting, int pageCount)
        : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly SortedDictionary<int, string> _failed = [];
        private string? _whole;
        private string? _setting;

        private ConvertedFile? _converted;

        /// <summary>The file that has the pages.</summary>
        public string Path => _converted?.Path ?? path;

        public Document Document => document;

        /// <summary>The setting to look at, of this pass or else of what came before.</summary>
        public string? Setting => _setting ?? setting;

        /// <summary>Takes the pages from what the document was converted to.</summary>
        public void ReadFrom(ConvertedFile converted) => _converted = converted;

        public void Dispose() => _converted?.Dispose();

        public void Fail(int page, Exception error)
        {
            (string reason, string? named) = FailureReason.Of(error);
            lock (_lock)
            {
                _failed.TryAdd(page, reason);
                _setting ??= named;
            }
        }

        public void FailWhole(Exception error)
        {
            (string reason, _setting) = FailureReason.Of(error);
            _whole = $"its words could not be recognised: {reason}";
        }

        public string? NewProblem
        {
            get
            {
                lock (_lock)
                {
                    if (_whole is not null || _failed.Count == 0)
                    {
                        return _whole;
                    }

                    (int page, string reason) = _failed.First();
                    return string.Create(CultureInfo.InvariantCulture,
                        $"the words of {_failed.Count} of {pageCount} pages could not be recognised: page {page}: {reason}");
                }
            }
        }

        public string? DescribeProblems() =>
            NewProblem is not { } problem ? problemsBefore : problemsBefore is null ? problem : $"{problemsBefore}; {problem}";
    }
}
