using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>A corpus as the vectors that one model makes of its items, compared exactly: what benchmarks of models measure.</summary>
internal sealed class VectorIndex : ICorpusIndex
{
    private const string CollectionName = "vectors";
    private const string SpaceName = "model";
    private const int BatchSize = 32;

    private readonly RunOptions _options;
    private readonly RunLog _log;
    private readonly Library _library;
    private readonly ItemTable _table;

    public VectorIndex(RunOptions options, string folder, RunLog log)
    {
        (_options, _log) = (options, log);
        Directory.CreateDirectory(folder);
        _table = new ItemTable(Path.Combine(folder, "vectors.jsonl"));
        _library = new Library(new LibraryOptions { DataFolder = Path.Combine(folder, "data"), ModelFolders = options.ModelFolders });
    }

    /// <summary>Ids of the items that were taken in.</summary>
    public IEnumerable<string> Ids => _table.Keys.Order(StringComparer.Ordinal).Select(_table.IdOf);

    private string Model => _options.Models is [string model]
        ? model
        : throw new ArgumentException($"Vectors come of one model; name it with --model ({_options.Models.Count} were named).");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FillAsync(BenchmarkTask task, CancellationToken cancellationToken)
    {
        List<string> failed = [];
        List<CorpusItem> batch = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (CorpusItem item in task.Corpus(cancellationToken).WithCancellation(cancellationToken))
        {
            if (seen.Add(item.Id) && !_table.Has(item.Id))
            {
                batch.Add(item);
            }

            if (batch.Count == BatchSize)
            {
                await AddAsync(batch, failed, cancellationToken);
                batch.Clear();
                _log.Progress($"{_table.Count} items encoded");
            }
        }

        await AddAsync(batch, failed, cancellationToken);
        return failed;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RankedItem>> SearchAsync(BenchmarkQuery query, int depth, CancellationToken cancellationToken)
    {
        if (!_library.CollectionExists(CollectionName))
        {
            return [];
        }

        Filter? only = query.Candidates is null ? null : Filter.In("key", Keys(query.Candidates));
        Filter? not = query.Excluded.Count == 0 ? null : Filter.Not(Filter.In("key", Keys(query.Excluded)));
        RecordStage stage = new()
        {
            Query = new RecordQuery.Nearest(SpaceName, await EncodeAsync(query, cancellationToken)),
            Filter = only is not null && not is not null ? Filter.And(only, not) : only ?? not,
            Limit = depth,
            IsExact = true,
        };
        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync(CollectionName, stage, cancellationToken: cancellationToken);
        return [.. hits.Select(hit => new RankedItem(_table.IdOf(hit.Entry.Key), hit.Score))];
    }

    /// <summary>The rows of a question: those of its text or picture, or the sum of both as one row.</summary>
    public async Task<MultiVector> EncodeAsync(BenchmarkQuery query, CancellationToken cancellationToken)
    {
        List<EncodeInput> inputs = [];
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            inputs.Add(new EncodeInput { Name = $"query {query.Id}", Text = query.Text, Role = TextRole.Query });
        }

        if (query.ReadPicture() is { } picture)
        {
            inputs.Add(new EncodeInput { Name = $"query {query.Id}", ImageBytes = picture });
        }

        if (inputs.Count == 0)
        {
            return query.LikeItem is { } like && _table.FindKey(like) is { } key && _library.Records.Get(CollectionName, key) is { } record
                ? record.Vectors[SpaceName]
                : throw new BenchmarkFormatException($"query {query.Id}", "a text, a picture or an item of the corpus", "none");
        }

        IReadOnlyList<EncodedInput> encoded = await _library.EncodeAsync(
            new EncodeRequest { Model = Model, Inputs = inputs, Truncates = true }, cancellationToken);
        return encoded.Count == 1 ? encoded[0].Rows : Sum(query, encoded[0].Rows, encoded[1].Rows);
    }

    /// <summary>The rows of an item that was taken in; null where there are none.</summary>
    public MultiVector? Find(string id) =>
        _table.FindKey(id) is { } key ? _library.Records.Get(CollectionName, key)?.Vectors.GetValueOrDefault(SpaceName) : null;

    /// <inheritdoc/>
    public void Dispose() => _library.Dispose();

    private async Task AddAsync(List<CorpusItem> batch, List<string> failed, CancellationToken cancellationToken)
    {
        List<(string Id, MultiVector Rows)> encoded = [];
        foreach (CorpusItem item in batch)
        {
            try
            {
                EncodeInput input = item.IsText
                    ? new EncodeInput { Name = item.Id, Text = item.FullText, Role = TextRole.Passage }
                    : new EncodeInput { Name = item.Id, ImageBytes = item.ReadBytes() };
                EncodedInput made = (await _library.EncodeAsync(
                    new EncodeRequest { Model = Model, Inputs = [input], Truncates = true }, cancellationToken))[0];
                if (made.Rows.RowCount > 0)
                {
                    encoded.Add((item.Id, made.Rows));
                }
                else
                {
                    failed.Add($"{item.Id}: it holds nothing that the model can read");
                }
            }
            catch (InvalidInputException error)
            {
                failed.Add($"{item.Id}: {error.Message}");
            }
        }

        if (encoded.Count == 0)
        {
            return;
        }

        if (!_library.CollectionExists(CollectionName))
        {
            _library.Records.Create(
                CollectionName, [new VectorSpec { Name = SpaceName, Dimension = encoded[0].Rows.Dimension, IsMultiVector = true }]);
        }

        (string Id, string Key)[] keys =
            [.. encoded.Select((item, i) => (item.Id, FormattableString.Invariant($"{_table.Count + i:00000000}")))];
        await _library.Records.UpsertAsync(
            CollectionName,
            [.. encoded.Zip(keys, (item, key) => new VectorRecord
            {
                Key = key.Key,
                Vectors = new Dictionary<string, MultiVector> { [SpaceName] = item.Rows },
            })],
            cancellationToken);
        _table.Add(keys);
    }

    private MetadataValue[] Keys(IReadOnlyList<string> ids) =>
        [.. ids.Select(_table.FindKey).OfType<string>().Select(key => (MetadataValue)key)];

    private static MultiVector Sum(BenchmarkQuery query, MultiVector text, MultiVector picture)
    {
        if (text.RowCount != 1 || picture.RowCount != 1)
        {
            throw new ArgumentException(
                $"Query {query.Id} is of words and a picture, which only vectors of one row add up to; ask with --by library.");
        }

        float[] sum = new float[text.Dimension];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = text.Values[i] + picture.Values[i];
        }

        return new MultiVector(text.Dimension, sum);
    }
}
