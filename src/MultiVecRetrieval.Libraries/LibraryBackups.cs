using MultiVecRetrieval.Libraries;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Indexing;
using MultiVecRetrieval.Libraries.Uploads;

namespace MultiVecRetrieval;

/// <summary>Collections as archives, and back. Thread-safe.</summary>
public sealed class LibraryBackups
{
    private readonly OpenCollections _collections;
    private readonly Indexer _indexer;
    private readonly LibraryOptions _options;

    internal LibraryBackups(OpenCollections collections, Indexer indexer, LibraryOptions options) =>
        (_collections, _indexer, _options) = (collections, indexer, options);

    /// <summary>Writes a collection with its uploads as a tar archive, checksums at its end, while searches and commits go on. What was
    /// indexed where it lies is not in it.</summary>
    /// <param name="name">Name of the collection.</param>
    /// <param name="target">Where the archive goes.</param>
    /// <param name="progress">Told of each file.</param>
    /// <param name="cancellationToken">Stops it; the archive is cut short then.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public Task<BackupReport> WriteAsync(
        string name, Stream target, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Collection collection = _collections.Get(name);
        return OwnThread.RunAsync(() => collection.Upkeep.BackUp(
            target, UploadStore.List(_collections.FolderOf(name)), progress, cancellationToken));
    }

    /// <summary>Opens the files of a collection and its uploads, to copy them elsewhere while searches and commits go on.</summary>
    /// <param name="name">Name of the collection.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public CollectionFiles OpenFiles(string name) => _collections.Get(name).Upkeep.OpenFiles(UploadStore.List(_collections.FolderOf(name)));

    /// <summary>Makes a collection of what <see cref="WriteAsync"/> wrote: all of it, checked, or nothing.</summary>
    /// <param name="name">Name of the new collection.</param>
    /// <param name="source">The archive.</param>
    /// <param name="progress">Told of each file.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    /// <exception cref="CollectionExistsException">There is one of that name.</exception>
    /// <exception cref="InvalidDataException">The archive is no backup, is damaged or was cut short.</exception>
    /// <exception cref="InvalidSettingException">The library only reads.</exception>
    public async Task<BackupReport> RestoreAsync(
        string name, Stream source, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        BackupReport? report = null;
        await RestoreFilesAsync(
            name,
            folder =>
            {
                report = Collection.Restore(source, folder, progress, cancellationToken);
                return Task.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        return report!;
    }

    /// <summary>Makes a collection of files from elsewhere.</summary>
    /// <param name="name">Name of the new collection.</param>
    /// <param name="restore">Makes it, by <see cref="CollectionRestoration"/>, in the folder that it is given.</param>
    /// <param name="cancellationToken">Stops waiting for what is at work with that name.</param>
    /// <exception cref="InvalidSettingException">The library only reads.</exception>
    public async Task RestoreFilesAsync(string name, Func<string, Task> restore, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restore);
        if (_options.ReadOnly)
        {
            throw new InvalidSettingException("readOnly", "true", "false, to restore a collection");
        }

        string folder = _collections.FolderOf(name);
        await _indexer.ChangeAsync(name, () => restore(folder).GetAwaiter().GetResult(), cancellationToken).ConfigureAwait(false);
    }
}
