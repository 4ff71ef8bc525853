using System.Collections.Concurrent;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Files;

namespace MultiVecRetrieval;

/// <summary>Files that are given first and put into collections later, and the files of collections by their ids. Thread-safe.</summary>
public sealed class LibraryFiles
{
    private readonly Library _library;
    private readonly FileStore _store;

    // What was asked for by this process; a job that ended has left its word in the ledger.
    private readonly ConcurrentDictionary<(string Collection, string Id), Attachment> _attached = new();

    internal LibraryFiles(Library library)
    {
        _library = library;
        _store = new FileStore(library.Options.DataFolder);
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

    /// <summary>The files of a collection: those of its ledger, and those that wait for a job.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public IReadOnlyList<AttachedFile> ListIn(string collection)
    {
        Dictionary<string, AttachedFile> files = new(StringComparer.Ordinal);
        Dictionary<string, LibraryJob?> jobs = new(StringComparer.Ordinal);
        Lazy<bool> isBusy = new(() => _library.Jobs.List(collection).Any(job => !job.HasEnded && _library.Jobs.IsLive(job.Id)));
        foreach (SourceFile source in _library.GetCollection(collection).Sources.List())
        {
            string id = FileStore.IdOf(IndexScope.FullPath(source));
            Attachment? attachment = _attached.GetValueOrDefault((collection, id));
            AttachedState state = FindJob(attachment) is { HasEnded: false } ? AttachedState.InProgress : source.State switch
            {
                SourceState.Indexed => AttachedState.Completed,
                SourceState.Pending => isBusy.Value ? AttachedState.InProgress : AttachedState.Cancelled,
                _ => AttachedState.Failed,
            };
            if (attachment is not null && FindJob(attachment) is not { HasEnded: false })
            {
                // The ledger says from now on what became of it.
                _attached.TryRemove(new((collection, id), attachment));
            }

            files[id] = new AttachedFile
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
                Metadata = attachment?.Metadata ?? new Dictionary<string, MetadataValue>(),
            };
        }

        foreach (((string name, string id), Attachment attachment) in _attached)
        {
            if (name == collection && !files.ContainsKey(id))
            {
                files[id] = OfJob(attachment, FindJob(attachment));
            }
        }

        return [.. files.Values.OrderBy(file => file.CreatedAt).ThenBy(file => file.Id, StringComparer.Ordinal)];

        LibraryJob? FindJob(Attachment? attachment)
        {
            if (attachment is null)
            {
                return null;
            }

            if (!jobs.TryGetValue(attachment.JobId, out LibraryJob? job))
            {
                jobs[attachment.JobId] = job = _library.Jobs.Find(attachment.JobId);
            }

            return job;
        }
    }

    /// <summary>A file of a collection; null when it has none of that id.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public AttachedFile? FindIn(string collection, string id) => ListIn(collection).FirstOrDefault(file => file.Id == id);

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
        bool isKnown = _attached.TryRemove((collection, id), out _);
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

    private static AttachedFile OfJob(Attachment attachment, LibraryJob? job)
    {
        AttachedState state = job is null or { State: JobState.Cancelled or JobState.Interrupted } ? AttachedState.Cancelled
            : job.HasEnded ? AttachedState.Failed : AttachedState.InProgress;
        return new AttachedFile
        {
            Id = attachment.File.Id,
            FileName = attachment.File.FileName,
            State = state,
            Reason = state == AttachedState.Failed ? job?.Error ?? "The job ended and left no word of it." : null,
            SizeInBytes = attachment.File.SizeInBytes,
            CreatedAt = attachment.File.CreatedAt,
            Metadata = attachment.Metadata,
        };
    }

    private sealed record Attachment(string JobId, StoredFile File, IReadOnlyDictionary<string, MetadataValue> Metadata);
}
