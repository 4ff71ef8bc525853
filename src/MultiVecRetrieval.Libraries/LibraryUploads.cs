using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Indexing;
using MultiVecRetrieval.Libraries.Uploads;

namespace MultiVecRetrieval;

/// <summary>Files that are given to a collection and lie in its folder. Thread-safe.</summary>
public sealed class LibraryUploads
{
    private readonly Library _library;
    private readonly OpenCollections _collections;
    private readonly Indexer _indexer;

    internal LibraryUploads(Library library, OpenCollections collections, Indexer indexer) =>
        (_library, _collections, _indexer) = (library, collections, indexer);

    /// <summary>Stores an upload under the collection's <c>uploads</c> folder, replacing one of the same name, without indexing
    /// it.</summary>
    /// <param name="collection">Name of the collection; created when there is none.</param>
    /// <param name="fileName">The name that the sender gave; folders and characters that file systems read specially are dropped.</param>
    /// <param name="content">The bytes, read to the end.</param>
    /// <param name="cancellationToken">Stops the copy; nothing is stored.</param>
    /// <returns>Absolute path of the stored file; its name is the key of its document. Give it to
    /// <see cref="Library.IndexAsync"/>.</returns>
    /// <exception cref="MediaException">The upload is larger than <c>media:maxFileBytes</c>.</exception>
    /// <exception cref="ArgumentException">Nothing is left of the name.</exception>
    /// <exception cref="ClientVectorsException">The vectors of the collection come from clients.</exception>
    public async Task<string> StoreAsync(
        string collection, string fileName, Stream content, CancellationToken cancellationToken = default)
    {
        ClientVectorsException.ThrowIfIn(collection, _indexer.Create(collection, [], reduction: null));
        return await UploadStore.StoreAsync(
            _collections.FolderOf(collection), fileName, content, _library.Options.Limits, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores an upload and indexes it; see <see cref="StoreAsync"/> and <see cref="Library.IndexAsync"/>.</summary>
    public async Task<IndexReport> AddAsync(
        string collection, string fileName, Stream content, IReadOnlyDictionary<string, MetadataValue>? metadata = null,
        IProgress<IndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string stored = await StoreAsync(collection, fileName, content, cancellationToken).ConfigureAwait(false);
        IndexRequest request = new()
        {
            Collection = collection,
            Paths = [stored],
            Metadata = metadata ?? new Dictionary<string, MetadataValue>(),
        };
        return await _library.IndexAsync(request, progress, cancellationToken).ConfigureAwait(false);
    }
}
