using System.Collections.Concurrent;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Files;

namespace MultiVecRetrieval;

/// <summary>Files that are given first and put into collections later, and the files of collections by their ids. Thread-safe.</summary>
public sealed class LibraryFiles
{
    private const string LabelName = "label.json";

    private static readonly Dictionary<string, MetadataValue> NoMetadata = [];

    private readonly Library _library;
    private readonly FileStore _store;
    private readonly BatchStore _batches;

    // What was asked for by this process; a job that ended has left its word in the ledger.
    private readonly ConcurrentDictionary<(string Collection, string Id), Attachment> _attached = new();

    internal LibraryFiles(Library library)
    {
        _library = library;
        _store = new FileStore(library.Options.DataFolder);
        _batches = new BatchStore(library.Options.DataFolder);
    }

    /// <summary>Keeps a file.</summary>
    /// <param name="fileName">The name that the sender gave; folders and characters that file systems read specially are dropped.</param>
    /// <param name="content">The bytes, read to the end.</param>
    /// <param name="cancellationToken">Stops the copy; nothing is kept.</param>
    /// <exception cref="MediaException">It is larger than <c>media:maxFileBytes</c>.</exception>
    /// <exception cref="ArgumentException">Nothing is left of the name.</exception>
    public Task<StoredFile> StoreAsync(string fileName, Stream content, CancellationToken cancellationToken = default) =>
        _store.StoreAsync(fileName, content, _library.Options.Limits, cancellationToken);

    /// <summary>Says what a kept file is for.</summary>
    public StoredFile SetPurpose(StoredFile file, string purpose)
    {
        ArgumentNullException.ThrowIfNull(file);
        StoredFile changed = file with { Purpose = purpose };
        _store.Save(changed);
        return changed;
    }

    /// <summary>The files that are kept, oldest first.</summary>
    public IReadOnlyList<StoredFile> List() =>
        [.. _store.List().OrderBy(file => file.CreatedAt).ThenBy(file => file.Id, StringComparer.Ordinal)];

    /// <summary>A file that is kept, else one that a collection knows; null when there is none of that id.</summary>
    public StoredFile? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (_store.Find(id) is { } kept)
        {
            return kept;
        }

        SourceFile? source = _library.ListCollections().Select(name => _library.TryGetCollection(name, out _)).OfType<Collection>()
            .SelectMany(collection => collection.Sources.List())
            .FirstOrDefault(source => FileStore.IdOf(IndexScope.FullPath(source)) == id);
        return source is null ? null : new StoredFile
        {
            Id = id,
            FileName = Path.GetFileName(source.Path),
            SizeInBytes = source.SizeInBytes,
            CreatedAt = source.ModifiedAt,
            Path = IndexScope.FullPath(source),
        };
    }

    /// <summary>Deletes a kept file and takes it out of every collection.</summary>
    /// <returns>False when no such file is kept.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        if (_store.Find(id) is null)
        {
            return false;
        }

        foreach (string collection in _library.ListCollections().Where(name => _library.TryGetCollection(name, out _) is not null))
        {
            await DetachAsync(collection, id, cancellationToken).ConfigureAwait(false);
        }

        _store.Delete(id);
        return true;
    }

    /// <summary>Indexes kept files into a collection, as a job.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="files">The files.</param>
    /// <param name="metadata">Metadata of their documents.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob Attach(
        string collection, IReadOnlyList<StoredFile> files, IReadOnlyDictionary<string, MetadataValue> metadata)
    {
        ArgumentNullException.ThrowIfNull(files);
        LibraryJob job = _library.Jobs.StartIndex(
            new IndexRequest { Collection = collection, Paths = [.. files.Select(file => file.Path)], Metadata = metadata },
            isUpload: true);
        foreach (StoredFile file in files)
        {
            _attached[(collection, file.Id)] = new Attachment(job.Id, file, metadata);
        }

        return job;
    }

    /// <summary>Indexes kept files into a collection together, those of the same metadata as one job. Which they were is kept.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="groups">The files; at least one group.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public FileBatch AttachBatch(string collection, IReadOnlyList<FileGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfZero(groups.Count);
        LibraryJob[] jobs = [.. groups.Select(group => Attach(collection, group.Files, group.Metadata))];
        FileBatch batch = new()
        {
            Id = $"vsfb_{jobs[0].Id}",
            Collection = collection,
            CreatedAt = jobs[0].CreatedAt,
            FileIds = [.. groups.SelectMany(group => group.Files).Select(file => file.Id).Distinct(StringComparer.Ordinal)],
            JobIds = [.. jobs.Select(job => job.Id)],
        };
        _batches.Save(batch);
        return batch;
    }

    /// <summary>A batch of a collection; null when there is none of that id, or it is too long ago.</summary>
    public FileBatch? FindBatch(string collection, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _batches.Find(id) is { } batch && batch.Collection == collection ? batch : null;
    }

    /// <summary>The files of a batch that the collection still has, or that were never read because a job ended before.</summary>
    public IReadOnlyList<AttachedFile> ListIn(FileBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        AttachedStates states = new(_library, batch.Collection);
        Lazy<bool> isCut = new(() => batch.JobIds.Any(id => states.FindJob(id) is not { State: JobState.Succeeded }));
        return
        [
            .. batch.FileIds
                .Select(id => FindKept(batch.Collection, id, states)
                    ?? (isCut.Value && _store.Find(id) is { } file ? new Attachment("", file, NoMetadata).Describe(job: null) : null))
                .OfType<AttachedFile>(),
        ];
    }

    /// <summary>What clients say of a collection as a store; an empty label where they said nothing.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public StoreLabel GetLabel(string collection) => JsonFile.Find<StoreLabel>(LabelPath(collection)) ?? new StoreLabel();

    /// <summary>Keeps what clients say of a collection as a store.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="InvalidSettingException">The library only reads.</exception>
    public void SetLabel(string collection, StoreLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (_library.Options.ReadOnly)
        {
            throw new InvalidSettingException("readOnly", "true", "false, to label a collection");
        }

        JsonFile.Save(LabelPath(collection), label);
    }

    /// <summary>The files of a collection: those of its ledger, and those that wait for a job.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public IReadOnlyList<AttachedFile> ListIn(string collection)
    {
        AttachedStates states = new(_library, collection);
        Dictionary<string, AttachedFile> files = new(StringComparer.Ordinal);
        foreach (SourceFile source in _library.GetCollection(collection).Sources.List())
        {
            string id = FileStore.IdOf(IndexScope.FullPath(source));
            files[id] = Describe(collection, id, source, states);
        }

        foreach (((string name, string id), Attachment attachment) in _attached)
        {
            if (name == collection && !files.ContainsKey(id))
            {
                files[id] = attachment.Describe(states.FindJob(attachment.JobId));
            }
        }

        return [.. files.Values.OrderBy(file => file.CreatedAt).ThenBy(file => file.Id, StringComparer.Ordinal)];
    }

    /// <summary>A file of a collection; null when it has none of that id.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public AttachedFile? FindIn(string collection, string id) => FindKept(collection, id, new AttachedStates(_library, collection))
        ?? (_store.Find(id) is null ? ListIn(collection).FirstOrDefault(file => file.Id == id) : null);

    /// <summary>The id of the file that a document was made of; null for a document without a file.</summary>
    public static string? IdOf(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.SourcePath is { } path ? FileStore.IdOf(path) : null;
    }

    /// <summary>Takes a file out of a collection; the file stays. Waits for a run that indexes it.</summary>
    /// <returns>False when the collection has no such file.</returns>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public async Task<bool> DetachAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        bool isKnown = _attached.TryGetValue((collection, id), out Attachment? attachment);
        if (attachment is not null)
        {
            // A job that waits for its turn would put it back.
            await foreach (LibraryJob _ in _library.Jobs.FollowAsync(attachment.JobId, cancellationToken: cancellationToken)
                .ConfigureAwait(false))
            {
            }

            _attached.TryRemove(new((collection, id), attachment));
        }

        if (FindIn(collection, id) is not { Source: { } source } file)
        {
            return isKnown;
        }

        if (file.DocumentKey is { } key)
        {
            await _library.RemoveDocumentAsync(collection, key, cancellationToken).ConfigureAwait(false);
        }

        // What became no document stands in the ledger alone.
        Collection opened = _library.GetWritableCollection(collection);
        using IDisposable held = opened.HoldLock();
        opened.Sources.Remove([source.GetKey()]);
        return true;
    }

    // A kept file lies in a folder of its own, which is its root in the ledger: there is no need to read all of it.
    private AttachedFile? FindKept(string collection, string id, AttachedStates states)
    {
        Collection opened = _library.GetCollection(collection);
        if (_store.Find(id) is { } kept && opened.Sources.Get(Path.GetDirectoryName(kept.Path)!, kept.FileName) is { } source)
        {
            return Describe(collection, id, source, states);
        }

        return _attached.TryGetValue((collection, id), out Attachment? attachment)
            ? attachment.Describe(states.FindJob(attachment.JobId))
            : null;
    }

    private AttachedFile Describe(string collection, string id, SourceFile source, AttachedStates states)
    {
        Attachment? attachment = _attached.GetValueOrDefault((collection, id));
        bool isWorkedOn = attachment is not null && states.FindJob(attachment.JobId) is { HasEnded: false };
        if (attachment is not null && !isWorkedOn)
        {
            // The ledger says from now on what became of it.
            _attached.TryRemove(new((collection, id), attachment));
        }

        AttachedState state = isWorkedOn ? AttachedState.InProgress : states.Of(source);
        return new AttachedFile
        {
            Id = id,
            FileName = Path.GetFileName(source.Path),
            State = state,
            Reason = state == AttachedState.Failed ? source.Reason ?? "It could not be read." : null,
            IsExcluded = source.State == SourceState.Excluded,
            DocumentKey = source.DocumentKey,
            Source = source,
            SizeInBytes = source.SizeInBytes,
            CreatedAt = attachment?.File.CreatedAt ?? source.ModifiedAt,
            Metadata = attachment?.Metadata ?? NoMetadata,
        };
    }

    private string LabelPath(string collection) => Path.Combine(_library.GetCollection(collection).Folder, LabelName);
}
