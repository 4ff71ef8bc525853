using System.Diagnostics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Measures how fast a run is and tells it about ten times a second. Thread-safe.</summary>
internal sealed class ProgressMeter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Queue<(TimeSpan At, long Entries)> _samples = new();
    private readonly RunTally _tally;
    private readonly IProgress<IndexProgress>? _target;
    private readonly Timer? _timer;
    private long _entriesDone;
    private long _entriesExpected;
    private long _filesTotal;
    private long _textsDone;
    private long _textsExpected;
    private TimeSpan _textsBegunAt;
    private long _documentsDrawn;
    private long _documentsToDraw;
    private TimeSpan _drawingBegunAt;
    private long _videosHeard;
    private long _videosToHear;
    private string? _currentFile;
    private FileProgress? _reading;
    private bool _isTotalKnown;

    public ProgressMeter(RunTally tally, IProgress<IndexProgress>? target)
    {
        _tally = tally;
        _target = target;
        _timer = target is null ? null : new Timer(_ => Tell(), state: null, Interval, Interval);
    }

    public TimeSpan Elapsed => _clock.Elapsed;

    public void SetFilesTotal(long count) => Interlocked.Exchange(ref _filesTotal, count);

    public void Expect(int entryCount) => Interlocked.Add(ref _entriesExpected, entryCount);

    /// <summary>Every file was looked at, so the number of entries is known.</summary>
    public void SetTotalKnown() => Volatile.Write(ref _isTotalKnown, true);

    public void EntriesDone(int count, string file)
    {
        Volatile.Write(ref _currentFile, file);
        Interlocked.Add(ref _entriesDone, count);
    }

    /// <summary>The pass that draws the pages of documents begins.</summary>
    public void ExpectDrawing(int documentCount)
    {
        _drawingBegunAt = _clock.Elapsed;
        Interlocked.Exchange(ref _documentsToDraw, documentCount);
    }

    /// <summary>A document is being drawn.</summary>
    public void Drawing(string file) => Volatile.Write(ref _currentFile, file);

    public void DocumentDrawn() => Interlocked.Increment(ref _documentsDrawn);

    /// <summary>The pass that listens begins.</summary>
    public void ExpectSpeech(int videoCount) => Interlocked.Exchange(ref _videosToHear, videoCount);

    public void SpeechDone() => Interlocked.Increment(ref _videosHeard);

    /// <summary>The pass that recognises text begins.</summary>
    public void ExpectTexts(int pageCount)
    {
        _textsBegunAt = _clock.Elapsed;
        Interlocked.Exchange(ref _textsExpected, pageCount);
    }

    public void TextsDone(int count, string file)
    {
        Volatile.Write(ref _currentFile, file);
        Interlocked.Add(ref _textsDone, count);
    }

    /// <summary>Part of a long file was read. What is read beyond its announced length makes it longer.</summary>
    public void Reading(string file, double done, double total, FileProgressUnit unit) =>
        Volatile.Write(ref _reading, new FileProgress(file, done, Math.Max(done, total), unit));

    /// <summary>Nothing more of a file is read.</summary>
    public void ReadingEnded(string file)
    {
        if (Volatile.Read(ref _reading) is { } reading && reading.File == file)
        {
            Interlocked.CompareExchange(ref _reading, null, reading);
        }
    }

    /// <summary>What there is to tell now.</summary>
    public IndexProgress Measure()
    {
        (long filesDone, long filesFailed) = _tally.Files;
        long done = Interlocked.Read(ref _entriesDone);
        long expected = Interlocked.Read(ref _entriesExpected);
        TimeSpan now = _clock.Elapsed;
        double rate = MeasureRate(now, done);
        bool isTotalKnown = Volatile.Read(ref _isTotalKnown);
        return new IndexProgress
        {
            FilesDone = filesDone,
            FilesTotal = Interlocked.Read(ref _filesTotal),
            FilesFailed = filesFailed,
            EntriesDone = done,
            EntriesTotal = isTotalKnown ? expected : null,
            PagesRecognized = Interlocked.Read(ref _textsDone),
            PagesToRecognize = Interlocked.Read(ref _textsExpected),
            DocumentsDrawn = Interlocked.Read(ref _documentsDrawn),
            DocumentsToDraw = Interlocked.Read(ref _documentsToDraw),
            VideosHeard = Interlocked.Read(ref _videosHeard),
            VideosToHear = Interlocked.Read(ref _videosToHear),
            CurrentFile = Volatile.Read(ref _currentFile),
            Reading = Volatile.Read(ref _reading),
            EntriesPerSecond = rate,
            Elapsed = now,
            Remaining = Remaining(now, isTotalKnown ? expected - done : null, rate),
        };
    }

    /// <summary>Stops telling, after a last time.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _target?.Report(Measure());
        }
    }

    // In a later pass by its own speed: a page or a document takes much longer there.
    private TimeSpan? Remaining(TimeSpan now, long? entriesLeft, double rate)
    {
        long texts = Interlocked.Read(ref _textsDone);
        long textsLeft = Interlocked.Read(ref _textsExpected) - texts;
        long drawn = Interlocked.Read(ref _documentsDrawn);
        long drawnLeft = Interlocked.Read(ref _documentsToDraw) - drawn;
        // Videos are of any length.
        return Interlocked.Read(ref _videosToHear) > Interlocked.Read(ref _videosHeard) ? null
            : textsLeft > 0 ? Extrapolate(now - _textsBegunAt, texts, textsLeft)
            : drawnLeft > 0 ? Extrapolate(now - _drawingBegunAt, drawn, drawnLeft)
            : entriesLeft is { } left && rate > 0 ? TimeSpan.FromSeconds(Math.Max(0, left) / rate)
            : null;
    }

    private static TimeSpan? Extrapolate(TimeSpan spent, long done, long left) => done > 0 ? spent / done * left : null;

    private double MeasureRate(TimeSpan now, long done)
    {
        lock (_samples)
        {
            _samples.Enqueue((now, done));
            while (_samples.Count > 2 && now - _samples.Peek().At > Window)
            {
                _samples.Dequeue();
            }

            (TimeSpan since, long before) = _samples.Peek();
            double seconds = (now - since).TotalSeconds;
            return seconds > 0 ? (done - before) / seconds : 0;
        }
    }

    private void Tell()
    {
        // A slow receiver misses ticks rather than queueing them.
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            _target?.Report(Measure());
        }
        finally
        {
            _lock.Exit();
        }
    }
}
