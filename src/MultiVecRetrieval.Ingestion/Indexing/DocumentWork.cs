using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Passages;
using MultiVecRetrieval.Ingestion.Walking;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// A document on its way into the collection. Workers deliver pictures of its entries in any order; the writer takes entries in their
/// order as they become whole. Thread-safe.
/// </summary>
internal sealed class DocumentWork(FoundFile file, Document document, SourceFile source, CommitWriter writer)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, string> _problems = [];
    private readonly HashSet<int> _waiting = [];
    private EntryAssembly?[] _entries = [];
    private int _nextToTake;
    private int _unfinishedCount;
    private string? _failedSetting;

    // Behind the pictures, as the text of a page.
    private const int RecognizedPart = int.MaxValue;

    /// <summary>A document this long is written while it is read, so that its entries are not all held in memory.</summary>
    public const int StreamingEntryCount = 64;

    public FoundFile File => file;

    /// <summary>What is stored of the document itself; of a text it is whole once that was read.</summary>
    public Document Document
    {
        get
        {
            lock (_lock)
            {
                return document;
            }
        }
    }

    /// <summary>The row of the ledger that is committed with the document.</summary>
    public SourceFile Source => source;

    /// <summary>Spaces to encode for; the others keep the rows that are stored.</summary>
    public required IReadOnlyList<SpaceEncoder> Encoders { get; init; }

    /// <summary>Those that see pictures.</summary>
    public IReadOnlyList<SpaceEncoder> PictureEncoders =>
        [.. Encoders.Where(encoder => encoder.Passages is null && encoder.Sees(document.MediaType))];

    /// <summary>Those that read text.</summary>
    public IReadOnlyList<SpaceEncoder> PassageEncoders => [.. Encoders.Where(encoder => encoder.Passages is not null)];

    /// <summary>Spaces whose stored rows of the same content are kept.</summary>
    public IReadOnlyList<string> KeptSpaces { get; init; } = [];

    /// <summary>Text by entry key that is stored of the same content; null when none is.</summary>
    public Func<string, TextLayer?>? FindStoredText { get; init; }

    /// <summary>A stored document with the same content: its entries are copied and nothing is read.</summary>
    public Document? CopyOf { get; init; }

    /// <summary>True when <see cref="CopyOf"/> gives way to this document.</summary>
    public bool IsRename { get; init; }

    /// <summary>The ledger row that a renamed document leaves behind.</summary>
    public SourceFile? RenamedFrom { get; init; }

    /// <summary>True for the pages of a document that is found by its text: what keeps them from being drawn leaves that as it
    /// is.</summary>
    public bool ArePagesOfText { get; init; }

    /// <summary>Entries whose place these pages take and that this run has counted as added.</summary>
    public int CountedEntryCount { get; init; }

    /// <summary>What a later pass is to do with the document, see <see cref="WaitState"/>; null for nothing but what
    /// <see cref="WaitingPages"/> say. Set before its last entry is whole.</summary>
    public string? Wait { get; set; }

    /// <summary>Called once the writer has dealt with it.</summary>
    public Action? Settled { get; init; }

    /// <summary>True for a long document that becomes searchable part by part, because no other version of it is stored.</summary>
    public bool IsWrittenInParts { get; private set; }

    /// <summary>True when no other version of the document is stored.</summary>
    public bool IsOnlyVersion { get; init; }

    /// <summary>Entries that an earlier run stored, the first ones; reading goes on behind them.</summary>
    public int StoredEntryCount { get; init; }

    /// <summary>Entries that were announced, those of an earlier run among them.</summary>
    public int ExpectedCount { get; private set; }

    /// <summary>Entries that this run has handed to the collection; set and read by the writer alone.</summary>
    public int WrittenEntryCount { get; set; }

    /// <summary>Why the document as a whole cannot be indexed, once that is known.</summary>
    public string? Failure { get; private set; }

    /// <summary>The limit that decided, when there is one.</summary>
    public string? FailedSetting => _failedSetting;

    /// <summary>True when the failure means that files of this kind are not read, so that it is no fault of the file.</summary>
    public bool IsUnsupported { get; private set; }

    /// <summary>True when the run was cancelled before the document was whole.</summary>
    public bool IsAbandoned { get; private set; }

    public int EntryCount => _entries.Length;

    /// <summary>True when every entry is whole, or the document is over.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return IsOver || _unfinishedCount == 0;
            }
        }
    }

    /// <summary>True when nothing that is read for it can be used any more.</summary>
    public bool IsOver => Failure is not null || IsAbandoned;

    /// <summary>True once the writer has dealt with it; set and read by the writer alone.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Adds what only reading it tells about the document; call it before its entries are announced.</summary>
    public void Describe(Func<Document, Document> change)
    {
        lock (_lock)
        {
            document = change(document);
        }
    }

    /// <summary>Announces the entries, each with the number of pictures that it waits for.</summary>
    public void Expect(IReadOnlyList<(Entry Entry, int PictureCount)> entries)
    {
        lock (_lock)
        {
            _entries = [.. entries.Select((item, index) =>
                index < StoredEntryCount ? null : new EntryAssembly(item.Entry) { AwaitedCount = item.PictureCount })];
            ExpectedCount = _entries.Length;
            IsWrittenInParts = IsOnlyVersion && _entries.Length > StreamingEntryCount;
            _nextToTake = StoredEntryCount;
            _unfinishedCount = _entries.Length - StoredEntryCount;
        }
    }

    public void SetText(int entryIndex, TextLayer text, Func<Entry, Entry>? change = null)
    {
        lock (_lock)
        {
            EntryAssembly entry = _entries[entryIndex]!;
            entry.Text = text;
            entry.Entry = change is null ? entry.Entry : change(entry.Entry);
        }
    }

    public void SetEntry(int entryIndex, Func<Entry, Entry> change)
    {
        lock (_lock)
        {
            _entries[entryIndex]!.Entry = change(_entries[entryIndex]!.Entry);
        }
    }

    /// <summary>Announces more pictures of an entry, before one that it waits for arrives.</summary>
    public void ExpectMore(int entryIndex, int pictureCount)
    {
        lock (_lock)
        {
            _entries[entryIndex]!.AwaitedCount += pictureCount;
        }
    }

    /// <summary>Delivers the rows of one picture.</summary>
    public void Deliver(
        int entryIndex, int part, IReadOnlyDictionary<string, MultiVector> vectors, Fingerprint? fingerprint,
        IEnumerable<ImageTag>? tags = null) =>
        Settle(entryIndex, entry => entry.Add(part, vectors, fingerprint, tags ?? []));

    /// <summary>Encodes the text of an entry for the spaces that read text, and settles the part that it was announced with.</summary>
    /// <param name="entryIndex">The entry.</param>
    /// <param name="part">Order among the parts of the entry.</param>
    /// <param name="encode">Rows by one encoder; null for none.</param>
    /// <param name="cancellationToken">Stops between passages.</param>
    public void DeliverPassages(
        int entryIndex, int part, Func<PassageEncoder, MultiVector?> encode, CancellationToken cancellationToken)
    {
        try
        {
            Dictionary<string, MultiVector> vectors = [];
            foreach (SpaceEncoder encoder in PassageEncoders)
            {
                if (!IsOver && encode(encoder.Passages!) is { } rows)
                {
                    vectors.Add(encoder.Space.Name, rows);
                }
            }

            Deliver(entryIndex, part, vectors, fingerprint: null);
        }
        catch (Exception error) when (error is not OperationCanceledException && !FailureReason.IsOfModel(error))
        {
            // The page is found by its pictures and words all the same.
            Note(entryIndex, $"the meaning of its text could not be encoded: {FailureReason.Of(error).Reason}");
            DeliverNothing(entryIndex);
        }
    }

    /// <summary>Settles one awaited picture without rows, because there is none after all.</summary>
    public void DeliverNothing(int entryIndex) => Settle(entryIndex, static _ => { });

    /// <summary>Settles one awaited picture that could not be read or encoded; the other entries go on.</summary>
    public void FailPicture(int entryIndex, string reason, string? setting = null) => Settle(entryIndex, entry =>
    {
        entry.Problem ??= reason;
        _problems.TryAdd(entryIndex, reason);
        _failedSetting ??= setting;
    });

    /// <summary>Notes a problem of an entry that does not keep it from being stored: its text could not be read.</summary>
    public void Note(int entryIndex, string reason)
    {
        lock (_lock)
        {
            _problems.TryAdd(entryIndex, reason);
        }
    }

    /// <summary>
    /// Gives an entry that has no text of its own what was recognised before of the same content; else leaves it to the second pass, unless
    /// that is switched off. Call it before the parts that the entry waits for are settled.
    /// </summary>
    public void LookForText(int entryIndex, ReadContext context)
    {
        if (FindStoredText?.Invoke(GetKey(entryIndex)) is { Words.Count: > 0 } text)
        {
            SetText(entryIndex, text);
            if (PassageEncoders.Count > 0)
            {
                ExpectMore(entryIndex, pictureCount: 1);
                DeliverPassages(entryIndex, RecognizedPart,
                    passages => passages.Encode(text, DocumentLayout.Unknown, context.CancellationToken), context.CancellationToken);
            }

            return;
        }

        AwaitRecognition(entryIndex, context.Options);
    }

    /// <summary>Leaves the text of an entry to the second pass, unless that is switched off.</summary>
    public void AwaitRecognition(int entryIndex, IndexingOptions options)
    {
        lock (_lock)
        {
            if (options.RecognizeText)
            {
                _waiting.Add(entryIndex);
            }
        }
    }

    /// <summary>Pages, from 1, whose text is left to the second pass; a picture is page 1 of itself.</summary>
    public IReadOnlyCollection<int> WaitingPages
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.Select(index => index + 1)];
            }
        }
    }

    /// <summary>Gives up the whole document.</summary>
    public void Fail(string reason, string? setting = null)
    {
        lock (_lock)
        {
            if (Failure is null && !IsAbandoned)
            {
                Failure = reason;
                _failedSetting = setting;
                DropEntries();
            }
        }

        writer.Notify(this);
    }

    public void Fail(Exception error)
    {
        (string reason, string? setting) = FailureReason.Of(error);
        IsUnsupported = error is Media.UnsupportedMediaException;
        Fail(reason, setting);
    }

    /// <summary>Leaves the document for the next run.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (Failure is null && !IsAbandoned)
            {
                IsAbandoned = true;
                DropEntries();
            }
        }
    }

    /// <summary>The document as it is stored: with what models named in its pictures, unless the user said what its tags are.</summary>
    public Document WithTags()
    {
        lock (_lock)
        {
            PictureTags tags = new();
            foreach (EntryAssembly? entry in _entries)
            {
                tags.Add(entry?.Tags ?? []);
            }

            return tags.ToValue() is not { } names || document.Metadata.ContainsKey(PictureTags.MetadataName)
                ? document
                : document with
                {
                    Metadata = new Dictionary<string, MetadataValue>(document.Metadata) { [PictureTags.MetadataName] = names },
                };
        }
    }

    /// <summary>Takes the entries that are whole and follow those taken before; entries with nothing to store are left out.</summary>
    public IReadOnlyList<EntryContent> TakeReady()
    {
        lock (_lock)
        {
            List<EntryContent> ready = [];
            while (_nextToTake < _entries.Length && _entries[_nextToTake] is { AwaitedCount: 0 } entry)
            {
                if (entry.HasContent || entry.Problem is null)
                {
                    ready.Add(entry.Build());
                }

                writer.HeldRows.Release(entry.SizeInBytes);
                _entries[_nextToTake++] = null;
            }

            return ready;
        }
    }

    /// <summary>What the ledger says about a document of which only the first entries are stored.</summary>
    public static string DescribePart(MediaType mediaType, int storedCount, int expectedCount)
    {
        string parts = mediaType == MediaType.Text ? "sections" : "pages";
        return string.Create(CultureInfo.InvariantCulture,
            $"not whole yet: the first {storedCount} of {expectedCount} {parts} can be found, and the next run goes on from there");
    }

    /// <summary>What the ledger says about entries that failed: "2 of 10 pages failed: 3: ...; 7: ...". Null when all is well.</summary>
    public string? DescribeProblems(int entryCount)
    {
        const int Listed = 5;
        lock (_lock)
        {
            if (_problems.Count == 0)
            {
                return null;
            }

            if (document.MediaType != MediaType.Page)
            {
                return string.Join("; ", _problems.Values.Distinct(StringComparer.Ordinal).Take(Listed));
            }

            string pages = string.Join("; ", _problems.Take(Listed).Select(
                problem => string.Create(CultureInfo.InvariantCulture, $"{problem.Key + 1}: {problem.Value}")));
            string rest = _problems.Count > Listed ? $"; and {_problems.Count - Listed} more" : "";
            return $"{_problems.Count} of {entryCount} pages failed: {pages}{rest}";
        }
    }

    private string GetKey(int entryIndex)
    {
        lock (_lock)
        {
            return _entries[entryIndex]!.Entry.Key;
        }
    }

    private void DropEntries()
    {
        writer.HeldRows.Release(_entries.Sum(entry => entry?.SizeInBytes ?? 0));
        _entries = [];
    }

    private void Settle(int entryIndex, Action<EntryAssembly> change)
    {
        bool isNews;
        lock (_lock)
        {
            if (IsOver)
            {
                return;
            }

            EntryAssembly entry = _entries[entryIndex]!;
            long before = entry.SizeInBytes;
            change(entry);
            writer.HeldRows.Hold(entry.SizeInBytes - before);
            entry.AwaitedCount--;
            isNews = entry.AwaitedCount == 0;
            _unfinishedCount -= isNews ? 1 : 0;
        }

        if (isNews)
        {
            writer.OnEntryWhole(this);
        }
    }
}
