using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The second pass of a run: text of scanned pages and of pictures with much text, once everything else is committed. A step is some
/// pages of one document, which is then stored anew with what its other pages have; what a stop leaves waits in the ledger.
/// </summary>
internal sealed class RecognitionPass(RunContext run, ReadContext reading)
{
    // A step is what a stop loses, and what is stored again for each.
    private const int StepPageCount = 32;

    // About 210 dots an inch of A4; letters of a scan are read surely from about 150 on.
    private const int LongSide = 2480;

    private readonly Recognizer _recognizer = new(reading.Options.Limits, reading.Options.RecognitionLanguages);
    private readonly StoredContent _stored = new(run.Collection);

    /// <summary>Recognises what waits, until nothing does or the run is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run()
    {
        if (!reading.Options.RecognizeText || !Recognizer.IsInstalled)
        {
            return;
        }

        List<SourceFile> rows = [.. run.Collection.Sources.List(SourceState.Indexed)
            .Where(row => !row.IsMissing && RecognitionState.CountWaiting(row.Reason) > 0)];
        run.Meter.Expect(rows.Sum(row => RecognitionState.CountWaiting(row.Reason)));
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

        // Pages are done in order; of those without text the last ones are those that were not looked at yet.
        int waiting = RecognitionState.CountWaiting(row.Reason);
        Queue<Entry> pages = new(run.Collection.Entries.List(document.Key, limit: int.MaxValue)
            .Where(entry => run.Collection.Entries.GetText(entry.Key) is not { Words.Count: > 0 }).TakeLast(waiting));
        string? problems = RecognitionState.ProblemsOf(row.Reason);
        string? languages = null;
        while (pages.Count > 0)
        {
            Entry[] step = [.. Enumerable.Range(0, Math.Min(StepPageCount, pages.Count)).Select(_ => pages.Dequeue())];
            Dictionary<string, EntryContent> found = [];
            SortedDictionary<int, (string Reason, string? Setting)> failed = [];
            Lock gate = new();
            try
            {
                languages ??= _recognizer.ChooseLanguages(Decode(path, document, step[0]), run.CancellationToken);
                ParallelOptions parallel = new() { MaxDegreeOfParallelism = run.WorkerCount, CancellationToken = run.CancellationToken };
                Parallel.ForEach(step, parallel, entry =>
                {
                    (string Reason, string? Setting)? failure = null;
                    EntryContent? content = null;
                    try
                    {
                        content = ReadPage(path, document, entry, languages);
                    }
                    catch (Exception error) when (IsOfAPage(error))
                    {
                        failure = FailureReason.Of(error);
                    }

                    run.Meter.EntriesDone(1, entry.Key);
                    lock (gate)
                    {
                        if (content is not null)
                        {
                            found.Add(entry.Key, content);
                        }

                        if (failure is { } reason)
                        {
                            failed.Add(entry.Page ?? 1, reason);
                        }
                    }
                });
                if (failed.Count > 0)
                {
                    // They stay found by sight, and the ledger says why; a retry looks at them again.
                    (int page, (string reason, string? setting)) = failed.First();
                    problems = Join(problems, string.Create(CultureInfo.InvariantCulture,
                        $"the words of {failed.Count} of {step.Length} pages could not be recognised: page {page}: {reason}"));
                    row = row with { Setting = setting ?? row.Setting };
                    run.Tally.AddPartial(new FailedFile(path, problems, setting));
                }
            }
            catch (Exception error) when (IsOfAPage(error))
            {
                // Nothing of this document can be recognised.
                (string reason, string? setting) = FailureReason.Of(error);
                problems = Join(problems, $"its words could not be recognised: {reason}");
                pages.Clear();
                row = row with { Setting = setting ?? row.Setting };
                run.Tally.AddPartial(new FailedFile(path, problems, setting));
            }

            row = row with { Reason = RecognitionState.Describe(problems, pages.Count) };
            Store(document, row, found);
        }
    }

    private static bool IsOfAPage(Exception error) => error is MediaException or IOException or UnauthorizedAccessException;

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

    // Text and row of the ledger come together, or neither.
    private void Store(Document document, SourceFile row, Dictionary<string, EntryContent> found)
    {
        using CollectionWriter batch = run.Collection.BeginWrite();
        if (found.Count > 0)
        {
            batch.BeginDocument(document);
            foreach (EntryContent entry in _stored.CopyEntries(document, document.Key))
            {
                batch.Add(!found.TryGetValue(entry.Entry.Key, out EntryContent? recognized) ? entry : entry with
                {
                    Text = recognized.Text,
                    Vectors = recognized.Vectors.Concat(entry.Vectors.Where(rows => !recognized.Vectors.ContainsKey(rows.Key)))
                        .ToDictionary(),
                });
            }
        }

        batch.SetSource(row);
        batch.Commit();
    }

    private static string Join(string? problems, string problem) => problems is null ? problem : $"{problems}; {problem}";
}
