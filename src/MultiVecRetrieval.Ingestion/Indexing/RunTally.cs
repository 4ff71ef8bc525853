namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Counts what a run did, for the report and for progress. Thread-safe.</summary>
internal sealed class RunTally
{
    private readonly Lock _lock = new();
    private readonly List<FailedFile> _failed = [];
    private readonly List<FailedFile> _partial = [];
    private readonly Dictionary<string, long> _unsupported = new(StringComparer.Ordinal);
    private readonly List<string> _notices = [];
    private IndexReport _report = new();

    public IndexReport Report
    {
        get
        {
            lock (_lock)
            {
                long settled = _report.Indexed + _report.Unchanged + _report.Renamed + _report.Excluded + _failed.Count;
                return _report with
                {
                    Pending = _report.Seen - settled,
                    Unsupported = [.. _unsupported.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                        .Select(pair => new ExtensionCount(pair.Key, pair.Value))],
                    Failed = [.. _failed.OrderBy(file => file.Path, StringComparer.Ordinal)],
                    Partial = [.. _partial.OrderBy(file => file.Path, StringComparer.Ordinal)],
                    Notices = [.. _notices],
                };
            }
        }
    }

    public (long Done, long Failed) Files
    {
        get
        {
            lock (_lock)
            {
                return (_report.Indexed + _report.Unchanged + _report.Renamed + _report.Excluded + _failed.Count, _failed.Count);
            }
        }
    }

    public void Add(Func<IndexReport, IndexReport> change)
    {
        lock (_lock)
        {
            _report = change(_report);
        }
    }

    public void AddExcluded(string path, bool isUnsupported)
    {
        lock (_lock)
        {
            _report = _report with { Excluded = _report.Excluded + 1 };
            if (isUnsupported)
            {
                string extension = Path.GetExtension(path).ToLowerInvariant();
                _unsupported[extension] = _unsupported.GetValueOrDefault(extension) + 1;
            }
        }
    }

    public void AddFailed(FailedFile file)
    {
        lock (_lock)
        {
            _failed.Add(file);
        }
    }

    public void AddPartial(FailedFile file)
    {
        lock (_lock)
        {
            _partial.Add(file);
        }
    }

    public void AddNotice(string notice)
    {
        lock (_lock)
        {
            _notices.Add(notice);
        }
    }
}
