using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Models;

namespace MultiVecRetrieval.Libraries.Indexing;

/// <summary>Prepares a collection for a run: creates it, adds spaces, finds the encoders. One run at a time a collection.</summary>
internal sealed class Indexer(OpenCollections collections, ModelShelf models, AttributeSpaces attributes, LibraryOptions options)
{
    private readonly Dictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    public Task<IndexReport> UpdateAsync(IndexRequest request, IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        return InTurnAsync(request.Collection, Work, cancellationToken);

        IndexReport Work()
        {
            CheckSpeechModel();
            IReadOnlyList<string> folders = FindModels(request.Models);
            NewSpaceRows rows = NewSpaceRows.Read(request.Reduction, options);
            if (!collections.Exists(request.Collection))
            {
                // A path that is not there is told before a collection is created for it.
                IndexScope.Resolve(request.Paths, []);
            }

            Collection collection = collections.GetWritable(request.Collection, () => CreateSpaces(folders, rows));
            ClientVectorsException.ThrowIfIn(request.Collection, collection);
            using IDisposable held = collection.HoldLock();
            AddSpaces(collection, folders, rows);
            SourceTable ledger = new(collection.Sources.List());
            IReadOnlyList<IndexScope> scopes = IndexScope.Resolve(request.Paths, ledger.Rows);
            return WithAttributes(
                collection, CreateRun(collection, request.Metadata).Update(scopes, request, ledger, progress, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>Fills a space of a new model and lets it take the place of an old one.</summary>
    public Task<ModelReplacement> ReplaceModelAsync(
        ReplaceModelRequest request, IProgress<IndexProgress>? progress, CancellationToken cancellationToken)
    {
        return InTurnAsync(request.Collection, Work, cancellationToken);

        ModelReplacement Work()
        {
            CheckSpeechModel();
            Collection collection = collections.GetWritable(request.Collection);
            using IDisposable held = collection.HoldLock();
            Space filled = new ModelReplacing(models, options).Prepare(collection, request, CreateSpace);
            SourceTable ledger = new(collection.Sources.List());
            IReadOnlyList<IndexScope> scopes = IndexScope.Resolve([], ledger.Rows);
            IndexRequest all = new() { Collection = request.Collection, Paths = [] };
            IndexReport report = CreateRun(collection, new Dictionary<string, MetadataValue>(), filled)
                .Update(scopes, all, ledger, progress, cancellationToken);
            ModelReplacement done = ModelReplacing.Finish(collection, request, filled, report, cancellationToken);
            return done with { Report = WithAttributes(collection, done.Report, cancellationToken) };
        }
    }

    public Task<IndexReport> RetryAsync(string name, IProgress<IndexProgress>? progress, CancellationToken cancellationToken) =>
        InTurnAsync(
            name,
            () =>
            {
                CheckSpeechModel();
                Collection collection = collections.GetWritable(name);
                using IDisposable held = collection.HoldLock();
                SourceTable ledger = new(collection.Sources.List());
                return WithAttributes(
                    collection,
                    CreateRun(collection, new Dictionary<string, MetadataValue>()).Retry(ledger, progress, cancellationToken),
                    cancellationToken);
            },
            cancellationToken);

    /// <summary>Removes a document, its row in the ledger, and the stored file of an upload.</summary>
    public Task<bool> RemoveAsync(string name, string documentKey, string uploadFolder, CancellationToken cancellationToken) =>
        InTurnAsync(name, () => Remove(collections.GetWritable(name), documentKey, uploadFolder), cancellationToken);

    /// <summary>Does something to a collection as a whole, with no run of indexing beside it.</summary>
    public Task ChangeAsync(string name, Action work, CancellationToken cancellationToken) =>
        InTurnAsync(
            name,
            () =>
            {
                work();
                return true;
            },
            cancellationToken);

    private static bool Remove(Collection collection, string documentKey, string uploadFolder)
    {
        using IDisposable held = collection.HoldLock();
        Document? document = collection.Documents.Find(documentKey);
        documentKey = document?.Key ?? documentKey;
        using (CollectionWriter writer = collection.BeginWrite())
        {
            if (!writer.Delete(documentKey))
            {
                return false;
            }

            writer.Commit();
        }

        collection.Sources.Remove([.. collection.Sources.List().Where(row => row.DocumentKey == documentKey
            && IndexScope.FullPath(row) == document?.SourcePath).Select(row => row.GetKey())]);
        if (document?.SourcePath is { } path && Path.GetDirectoryName(path) == uploadFolder)
        {
            File.Delete(path);
        }

        return true;
    }

    // A space whose model is to be replaced is filled as long as that model is there.
    private IndexRun CreateRun(Collection collection, IReadOnlyDictionary<string, MetadataValue> metadata, Space? filled = null)
    {
        IReadOnlyList<Space> spaces = collection.Spaces;
        return new IndexRun(
            collection,
            [
                .. spaces.Where(space => space.Name == filled?.Name || (space.State != SpaceState.Kept && !IsLeftBehind(space, spaces)))
                    .Select(CreateEncoder),
            ],
            options.ForIndexing(),
            metadata);
    }

    private IndexReport WithAttributes(Collection collection, IndexReport report, CancellationToken cancellationToken)
    {
        try
        {
            return report with
            {
                Notices = [.. report.Notices, .. new AttributeAssignment(attributes).RunAll(collection, cancellationToken)],
            };
        }
        catch (OperationCanceledException)
        {
            throw new IndexCanceledException(report, cancellationToken);
        }
    }

    private bool IsLeftBehind(Space space, IReadOnlyList<Space> spaces)
    {
        if (spaces.All(other => other.State != SpaceState.Filling || other.Counterpart != space.Name))
        {
            return false;
        }

        try
        {
            models.FindForSpace(space);
            return false;
        }
        catch (ModelNotFoundException)
        {
            return true;
        }
    }

    // Before anything is read: a film would be indexed for nothing but to be told so.
    private void CheckSpeechModel()
    {
        if (options.SpeechModel is { } model && SpeechReader.FindProblem(model) is { } problem)
        {
            throw new InvalidSettingException("speechModel", model, $"a Whisper model of ggml; {problem}");
        }
    }

    private SpaceEncoder CreateEncoder(Space space)
    {
        string folder = models.FindForSpace(space);
        return new SpaceEncoder(space, models.GetContract(folder), () => models.Load(folder));
    }

    // What was indexed before is marked as pending first: if the run ends early, the next one still knows what the new space lacks.
    private void AddSpaces(Collection collection, IReadOnlyList<string> folders, NewSpaceRows rows)
    {
        IReadOnlyList<Space> known = collection.Spaces;
        List<Space> wanted = [.. folders.Select(folder => CreateSpace(folder, rows))];
        rows.CheckKnown(known.Where(space => !IsOfPassages(space)
            && (wanted.Count == 0 || wanted.Exists(other => other.Id == space.Id))));
        List<Space> added = [.. wanted.Where(space => known.All(other => other.Id != space.Id))];
        if (added.Count == 0)
        {
            return;
        }

        ModelReplacing.MarkPending(collection);
        added.ForEach(collection.AddSpace);
    }

    // Passages are never reduced, whatever a request says.
    private bool IsOfPassages(Space space) => models.GetContract(models.FindForSpace(space)).EncodesPassages;

    /// <summary>Makes sure that there is a collection; a new one gets these models, or the bundled one.</summary>
    public Collection Create(string name, IReadOnlyList<string> modelNames, string? reduction) =>
        collections.GetWritable(name, () => CreateSpaces(FindModels(modelNames), NewSpaceRows.Read(reduction, options)));

    /// <summary>Makes sure that there is a collection; a new one gets the space of a model, whose vectors come from elsewhere: that of its
    /// own, or the one that it encodes queries for.</summary>
    public Collection CreateForImport(string name, string modelName) => collections.GetWritable(name, () =>
    {
        string folder = models.Find(modelName);
        ModelContract contract = models.GetContract(folder);
        return
        [
            new Space
            {
                Name = SpaceName(contract.Name),
                Id = contract.QuerySpace ?? contract.SpaceId,
                Dimension = contract.Dimension,
                RowFormat = options.RowFormat,
                ModelFolder = contract.QuerySpace is null ? folder : null,
            },
        ];
    });

    private IReadOnlyList<Space> CreateSpaces(IReadOnlyList<string> folders, NewSpaceRows rows) =>
        [.. (folders.Count > 0 ? folders : FindModels([ModelProfiles.Default])).Select(folder => CreateSpace(folder, rows))];

    // The folders that names of models and of profiles mean.
    private IReadOnlyList<string> FindModels(IReadOnlyList<string> names) =>
        [.. ModelProfiles.Expand(names).Select(models.Find).Distinct(StringComparer.Ordinal)];

    private Space CreateSpace(string folder, NewSpaceRows rows)
    {
        ModelContract contract = models.GetContract(folder);
        if (contract.QuerySpace is not null)
        {
            throw new ModelFormatException(
                folder, "it encodes queries only (compatibleWith in encoder.json); index with the model whose space it asks, or import its vectors");
        }

        return !contract.EncodesImages && !contract.EncodesPassages
            ? throw new ModelFormatException(folder, "it encodes neither images nor passages of text, so nothing can be indexed with it")
            : new Space
            {
                Name = SpaceName(contract.Name),
                Id = contract.SpaceId,
                Dimension = contract.Dimension,
                RowFormat = options.RowFormat,
                Reduction = rows.For(contract),
                ModelFolder = folder,
            };
    }

    /// <summary>The name of a model in the characters of a space name: lower-case letters, digits and '-'.</summary>
    internal static string SpaceName(string model)
    {
        string name = string.Concat(model.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name.Length > 0 ? name : "model";
    }

    private async Task<T> InTurnAsync<T>(string name, Func<T> work, CancellationToken cancellationToken)
    {
        SemaphoreSlim? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(CollectionName.Check(name), out turn))
            {
                _turns.Add(name, turn = new SemaphoreSlim(1, 1));
            }
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OwnThread.RunAsync(work).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }
}
