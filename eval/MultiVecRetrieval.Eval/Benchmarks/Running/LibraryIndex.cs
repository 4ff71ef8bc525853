using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>A corpus in a collection of the library, indexed and asked as people do.</summary>
internal sealed class LibraryIndex : ICorpusIndex
{
    private const string CollectionName = "corpus";

    private readonly RunOptions _options;
    private readonly RunLog _log;
    private readonly Library _library;
    private readonly ItemTable _table;
    private readonly string _files;

    public LibraryIndex(RunOptions options, string folder, RunLog log)
    {
        (_options, _log) = (options, log);
        _files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        _table = new ItemTable(Path.Combine(folder, "items.jsonl"));
        _library = new Library(new LibraryOptions
        {
            DataFolder = Path.Combine(folder, "data"),
            ModelFolders = options.ModelFolders,
            QuietPeriod = TimeSpan.Zero,
            RecognizeText = options.RecognizesText,
        });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FillAsync(BenchmarkTask task, CancellationToken cancellationToken)
    {
        CorpusFolder folder = new(_files, _table);
        IReadOnlyList<string> empty = await folder.WriteAsync(
            task.Corpus(cancellationToken), count => _log.Progress($"{count} items written"), cancellationToken);
        IndexRequest request = new()
        {
            Collection = CollectionName,
            Paths = [_files],
            Models = _library.CollectionExists(CollectionName) ? [] : _options.Models,
        };
        Progress<IndexProgress> progress = new(now => _log.Progress($"{now.FilesDone} of {now.FilesTotal} files indexed"));
        await _library.IndexAsync(request, progress, cancellationToken);
        // Files that failed, and those that are of no type that is read.
        IEnumerable<string> unread = _library.GetCollection(CollectionName).Sources.List()
            .Where(source => source.State != SourceState.Indexed && _table.HasKey(source.Path))
            .Select(source => $"{_table.IdOf(source.Path)}: {source.Reason}");
        return [.. empty, .. unread];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RankedItem>> SearchAsync(BenchmarkQuery query, int depth, CancellationToken cancellationToken)
    {
        LibraryQuery asked = new()
        {
            Collection = CollectionName,
            Using = _options.Using,
            Effort = _options.IsExact ? SearchEffort.Exact : SearchEffort.Default,
            Top = depth,
            GroupSize = 1,
            Explain = false,
            Filter = FilterOf(query),
            LikeEntry = query.LikeItem is null ? null : _table.FindKey(query.LikeItem)
                ?? throw new BenchmarkFormatException($"query {query.Id}", "an item of the corpus", query.LikeItem),
        };
        ReadOnlyMemory<byte>? picture = query.ReadPicture();
        asked = picture is null
            ? asked with { Text = query.Text }
            : asked with
            {
                ImageBytes = picture,
                // Words beside a picture say how the answer differs from it.
                Parts = string.IsNullOrWhiteSpace(query.Text) ? [] : [new QueryPart { Text = query.Text, Role = QueryRole.Modifier }],
                Combine = _options.Combine,
            };
        SearchResult result = await _library.SearchAsync(asked, cancellationToken);
        // What is measured is the order of the hits. Where several sides answer their scores need not fall, and ranks tell the order.
        bool isFalling = result.Hits.Zip(result.Hits.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score);
        return [.. result.Hits.Select(hit => new RankedItem(_table.IdOf(hit.Document.Key), isFalling ? hit.Score : 1.0 / hit.Rank))];
    }

    /// <summary>Where in a video what is asked is, best first; none where nothing says.</summary>
    public async Task<IReadOnlyList<TimeWindow>> FindMomentsAsync(string text, string item, CancellationToken cancellationToken)
    {
        if (_table.FindKey(item) is not { } key)
        {
            return [];
        }

        SearchResult result = await _library.SearchAsync(
            new LibraryQuery
            {
                Collection = CollectionName,
                Text = text,
                Using = _options.Using,
                Top = 1,
                Filter = Filter.Equal("document", key),
            },
            cancellationToken);
        if (result.Hits is not [SearchHit hit, ..])
        {
            return [];
        }

        // Of a video that is hardly like the text the best frame is all that is known.
        return hit.Moments.Count > 0
            ? [.. hit.Moments.Select(moment => new TimeWindow(moment.StartSeconds, moment.EndSeconds, moment.Score))]
            : [.. hit.Matches.Where(match => match.Place.EndSeconds > match.Place.StartSeconds).Take(1).Select(match =>
                new TimeWindow(match.Place.StartSeconds, match.Place.EndSeconds, match.Similarity))];
    }

    /// <inheritdoc/>
    public void Dispose() => _library.Dispose();

    private Filter? FilterOf(BenchmarkQuery query)
    {
        Filter? only = query.Candidates is null ? null : Filter.In("document", Keys(query.Candidates));
        Filter? not = query.Excluded.Count == 0 ? null : Filter.Not(Filter.In("document", Keys(query.Excluded)));
        return only is not null && not is not null ? Filter.And(only, not) : only ?? not;
    }

    private MetadataValue[] Keys(IReadOnlyList<string> ids) =>
        [.. ids.Select(_table.FindKey).OfType<string>().Select(key => (MetadataValue)key)];
}
