using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.VectorData.Records;

namespace MultiVecRetrieval.VectorData;

/// <summary>A collection of a library whose records have vectors of their own. Each change is one commit: what it returns from is
/// durable. It does not close the library. Thread-safe.</summary>
/// <typeparam name="TKey">string, Guid, int, long or ulong.</typeparam>
/// <typeparam name="TRecord">The type of the records.</typeparam>
/// <remarks>Vectors that are compared by cosine or MaxSim are stored with length 1, and come back so. Times are stored in UTC.</remarks>
#pragma warning disable CA1711 // The abstraction calls its own type so.
public class MultiVecCollection<TKey, TRecord> : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
#pragma warning restore CA1711
    where TKey : notnull
    where TRecord : class
{
    private readonly Library _library;
    private readonly CollectionModel _model;
    private readonly RecordMapper _mapper;
    private readonly VectorStoreCollectionMetadata _metadata;
    private readonly StoreCalls _calls;

    /// <summary>A collection of a library; nothing is made until it is asked for.</summary>
    /// <param name="library">The library; it must outlive the collection.</param>
    /// <param name="name">Name of the collection.</param>
    /// <param name="options">A definition, where attributes of the record type do not give it, and a generator of embeddings.</param>
    /// <exception cref="NotSupportedException">A property cannot be stored; says why.</exception>
    public MultiVecCollection(Library library, string name, MultiVecCollectionOptions? options = null)
        : this(
            library, name,
            static options => typeof(TRecord) == typeof(Dictionary<string, object?>)
                ? throw new NotSupportedException(
                    VectorDataStrings.NonDynamicCollectionWithDictionaryNotSupported(typeof(MultiVecDynamicCollection)))
                : new RecordModelBuilder().Build(typeof(TRecord), typeof(TKey), options.Definition, options.EmbeddingGenerator),
            options)
    {
    }

    internal MultiVecCollection(
        Library library, string name, Func<MultiVecCollectionOptions, CollectionModel> build, MultiVecCollectionOptions? options)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _library = library;
        Name = name;
        _model = build(options ?? new MultiVecCollectionOptions());
        _mapper = new RecordMapper(_model);
        _metadata = new VectorStoreCollectionMetadata { VectorStoreSystemName = StoreCalls.SystemName, CollectionName = name };
        _calls = new StoreCalls(new VectorStoreMetadata { VectorStoreSystemName = StoreCalls.SystemName }, name);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) =>
        _calls.RunAsync("CollectionExists", () => _library.CollectionExists(Name), cancellationToken);

    /// <summary>Makes the collection where there is none, with a space for each vector property; one that is there is checked.</summary>
    /// <exception cref="VectorStoreException">A space of the collection differs from the property; says in what.</exception>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        _calls.RunAsync(
            "EnsureCollectionExists",
            () =>
            {
                CollectionSpaces.Ensure(_library, Name, _model);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        _calls.EnsureDeletedAsync(_library, cancellationToken);

    /// <inheritdoc/>
    public override Task<TRecord?> GetAsync(
        TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        bool withVectors = CheckVectors(options?.IncludeVectors);
        string text = RecordKeys.ToText(key);
        return _calls.RunAsync(
            "Get",
            () =>
            {
                using Snapshot snapshot = _library.GetCollection(Name).OpenSnapshot();
                return snapshot.Documents.Get(text) is { MediaType: MediaType.Record } document
                    ? Load(snapshot.Entries, document, withVectors)
                    : null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new FilteredRecordRetrievalOptions<TRecord>();
        bool withVectors = CheckVectors(options.IncludeVectors);
        Filter condition = Filter.And(Filter.Equal("type", "record"), RecordFilter.Translate(filter, _model));
        EntryOrder[] orders = [.. options.OrderBy?.Invoke(new FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition()).Values
            .Select(order => new EntryOrder(
                RecordFilter.FieldOf(_model.GetDataOrKeyProperty(order.PropertySelector)), isDescending: !order.Ascending)) ?? []];
        if (orders.Length == 0)
        {
            orders = [new EntryOrder("key")];
        }

        int skip = options.Skip;
        return YieldAsync("Get", () => Task.Run<IReadOnlyList<TRecord>>(() =>
        {
            using Snapshot snapshot = _library.GetCollection(Name).OpenSnapshot();
            return [.. RecordSorting.List(snapshot, orders, condition, skip, top, cancellationToken)
                .Select(entry => Load(snapshot.Entries, snapshot.Documents.Get(entry.DocumentKey)!, withVectors))];
        }, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DeleteAsync([key], cancellationToken);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] texts = [.. keys.Select(key => RecordKeys.ToText(key))];
        return texts.Length == 0
            ? Task.CompletedTask
            : _calls.RunAsync("Delete", () => (Task)_library.Records.DeleteAsync(Name, texts, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return UpsertAsync([record], cancellationToken);
    }

    /// <inheritdoc/>
    public override Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        TRecord[] all = [.. records];
        return all.Length == 0
            ? Task.CompletedTask
            : _calls.RunAsync("Upsert", () => UpsertCoreAsync(all, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new VectorSearchOptions<TRecord>();
        bool withVectors = CheckVectors(options.IncludeVectors);
        VectorPropertyModel property = _model.GetVectorPropertyOrSingle(options);
        CheckInput(property, searchValue);
        bool isDistance = property.DistanceFunction == DistanceFunction.CosineDistance;
        RecordStage stage = new()
        {
            Filter = options.Filter is null ? null : RecordFilter.Translate(options.Filter, _model),
            MinScore = isDistance ? 1 - options.ScoreThreshold : options.ScoreThreshold,
            Limit = top,
            IsExact = property.IndexKind == IndexKind.Flat,
        };
        int skip = options.Skip;
        return YieldAsync(
            "Search",
            async () =>
            {
                MultiVector rows = await ToRowsAsync(property, searchValue, cancellationToken).ConfigureAwait(false);
                return await SearchAsync(
                    stage with { Query = new RecordQuery.Nearest(property.StorageName, rows) }, skip, isDistance, withVectors,
                    cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Joins the nearest vectors and the records in whose text a keyword stands, by their ranks in both.</summary>
    /// <inheritdoc/>
    public IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue, ICollection<string> keywords, int top, HybridSearchOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentNullException.ThrowIfNull(keywords);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new HybridSearchOptions<TRecord>();
        bool withVectors = CheckVectors(options.IncludeVectors);
        VectorPropertyModel property = _model.GetVectorPropertyOrSingle(
            new VectorSearchOptions<TRecord> { VectorProperty = options.VectorProperty });
        CheckInput(property, searchValue);
        DataPropertyModel text = _model.GetFullTextDataPropertyOrSingle(options.AdditionalProperty);
        Filter? filter = options.Filter is null ? null : RecordFilter.Translate(options.Filter, _model);
        int skip = options.Skip;
        double? threshold = options.ScoreThreshold;
        string[] words = [.. keywords.Where(word => !string.IsNullOrWhiteSpace(word))];
        return YieldAsync(
            "HybridSearch",
            async () =>
            {
                MultiVector rows = await ToRowsAsync(property, searchValue, cancellationToken).ConfigureAwait(false);
                RecordStage stage = HybridStages.Join(property, rows, text, words, filter, checked(top + skip)) with
                {
                    MinScore = threshold,
                    Limit = top,
                };
                return await SearchAsync(stage, skip, isDistance: false, withVectors, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc cref="VectorStoreCollection{TKey, TRecord}.GetService"/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata) ? _metadata
            : serviceType == typeof(Library) ? _library
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    private async Task<IReadOnlyList<VectorSearchResult<TRecord>>> SearchAsync(
        RecordStage stage, int skip, bool isDistance, bool withVectors, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordHit> hits = await _library.Records.SearchAsync(Name, stage, skip, cancellationToken).ConfigureAwait(false);
        CollectionEntries entries = _library.GetCollection(Name).Entries;
        return [.. hits.Where(hit => hit.Document.MediaType == MediaType.Record).Select(hit => new VectorSearchResult<TRecord>(
            Load(entries, hit.Document, withVectors), isDistance ? 1 - hit.Score : hit.Score))];
    }

    private async Task UpsertCoreAsync(TRecord[] records, CancellationToken cancellationToken)
    {
        Dictionary<string, MultiVector>[] vectors = [.. records.Select(_ => new Dictionary<string, MultiVector>(StringComparer.Ordinal))];
        foreach (VectorPropertyModel property in _model.VectorProperties)
        {
            if (VectorValues.IsValid(property.Type))
            {
                for (int i = 0; i < records.Length; i++)
                {
                    Add(i, property, RecordMapper.GetVector(property, records[i]));
                }

                continue;
            }

            // One call for all that has something to be encoded.
            int[] filled = [.. Enumerable.Range(0, records.Length).Where(i => property.GetValueAsObject(records[i]) is not null)];
            IReadOnlyList<Embedding> embeddings = filled.Length == 0 ? [] : await property.GenerateEmbeddingsAsync(
                filled.Select(i => property.GetValueAsObject(records[i])), cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < filled.Length; i++)
            {
                Add(filled[i], property, VectorValues.TryToRows(embeddings[i]));
            }
        }

        VectorRecord[] stored = [.. records.Select((record, i) => new VectorRecord
        {
            Key = _mapper.TakeKey(record),
            Payload = _mapper.ToPayload(record),
            Vectors = vectors[i],
        })];
        await _library.Records.UpsertAsync(Name, stored, cancellationToken).ConfigureAwait(false);

        void Add(int record, VectorPropertyModel property, MultiVector? rows)
        {
            if (rows is { RowCount: > 0 })
            {
                vectors[record][property.StorageName] = rows;
            }
        }
    }

    private TRecord Load(CollectionEntries entries, Document document, bool withVectors) => _mapper.FromStored<TRecord>(
        document,
        withVectors
            ? LibraryRecords.Read(entries, document.Key, [.. _model.VectorProperties.Select(property => property.StorageName)]).Vectors
            : null);

    private async IAsyncEnumerable<T> YieldAsync<T>(
        string operation, Func<Task<IReadOnlyList<T>>> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (T found in await _calls.RunAsync(operation, find, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return found;
        }
    }

    private bool CheckVectors(bool? areWanted) => areWanted == true && _model.EmbeddingGenerationRequired
        ? throw new NotSupportedException(VectorDataStrings.IncludeVectorsNotSupportedWithEmbeddingGeneration)
        : areWanted == true;

    private static void CheckInput(VectorPropertyModel property, object value)
    {
        if (VectorValues.TryToRows(value) is null && property.EmbeddingGenerationDispatcher is null)
        {
            throw property.EmbeddingGenerator is null
                ? new NotSupportedException(
                    VectorDataStrings.InvalidSearchInputAndNoEmbeddingGeneratorWasConfigured(value.GetType(), VectorValues.Supported))
                : new InvalidOperationException(VectorDataStrings.IncompatibleEmbeddingGeneratorWasConfiguredForInputType(
                    value.GetType(), property.EmbeddingGenerator.GetType()));
        }
    }

    private static async Task<MultiVector> ToRowsAsync(VectorPropertyModel property, object value, CancellationToken cancellationToken)
    {
        MultiVector rows = VectorValues.TryToRows(value)
            ?? await QueryEmbedding.GenerateAsync(property, value, cancellationToken).ConfigureAwait(false);
        return rows.RowCount == 1 || property.DistanceFunction == MultiVecDistance.MaxSim
            ? rows
            : throw new ArgumentException(
                $"{rows.RowCount} vectors are asked with; property '{property.ModelName}', compared by {property.DistanceFunction}, takes one.");
    }
}
