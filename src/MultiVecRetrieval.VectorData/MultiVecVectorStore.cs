using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace MultiVecRetrieval.VectorData;

/// <summary>The collections of a library as a vector store: records with vectors of their own, one vector a property or many. It does
/// not close the library. Thread-safe.</summary>
public sealed class MultiVecVectorStore : VectorStore
{
    private readonly Library _library;
    private readonly MultiVecVectorStoreOptions _options;
    private readonly VectorStoreMetadata _metadata;

    /// <summary>A store over a library.</summary>
    /// <param name="library">The library; it must outlive the store.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public MultiVecVectorStore(Library library, MultiVecVectorStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(library);
        _library = library;
        _options = options ?? new MultiVecVectorStoreOptions();
        _metadata = new VectorStoreMetadata
        {
            VectorStoreSystemName = StoreCalls.SystemName,
            VectorStoreName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(library.Options.DataFolder))),
        };
    }

    /// <inheritdoc/>
    public override MultiVecCollection<TKey, TRecord> GetCollection<TKey, TRecord>(
        string name, VectorStoreCollectionDefinition? definition = null) => typeof(TRecord) == typeof(Dictionary<string, object?>)
            ? throw new ArgumentException(VectorDataStrings.GetCollectionWithDictionaryNotSupported)
            : new MultiVecCollection<TKey, TRecord>(_library, name, ToOptions(definition));

    /// <inheritdoc/>
    public override MultiVecDynamicCollection GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new MultiVecDynamicCollection(_library, name, ToOptions(definition));
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> names = await new StoreCalls(_metadata, collection: null)
            .RunAsync("ListCollectionNames", _library.ListCollections, cancellationToken).ConfigureAwait(false);
        foreach (string name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new StoreCalls(_metadata, name)
            .RunAsync("CollectionExists", () => _library.CollectionExists(name), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new StoreCalls(_metadata, name).EnsureDeletedAsync(_library, cancellationToken);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreMetadata) ? _metadata
            : serviceType == typeof(Library) ? _library
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    private MultiVecCollectionOptions ToOptions(VectorStoreCollectionDefinition? definition) =>
        new() { Definition = definition, EmbeddingGenerator = _options.EmbeddingGenerator };
}
