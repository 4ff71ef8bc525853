using MultiVecRetrieval.Libraries.Attributes;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Indexing;

namespace MultiVecRetrieval;

/// <summary>What entries show, by attributes that somebody names with their values. Thread-safe.</summary>
public sealed class LibraryAttributes
{
    private readonly OpenCollections _collections;
    private readonly Indexer _indexer;
    private readonly AttributeSpaces _spaces;

    internal LibraryAttributes(OpenCollections collections, Indexer indexer, AttributeSpaces spaces) =>
        (_collections, _indexer, _spaces) = (collections, indexer, spaces);

    /// <summary>The attributes of a collection, by name.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public IReadOnlyList<AttributeState> List(string collection) => _collections.Get(collection).Attributes.List();

    /// <summary>Adds or changes an attribute and looks for its values in every entry; later runs of indexing look in those that they add.
    /// Stopped, it goes on with the same call, or with the next run.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="progress">Told how many entries were compared.</param>
    /// <param name="cancellationToken">Stops it; what was found is kept.</param>
    /// <returns>What the model reads nothing in, for people.</returns>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    /// <exception cref="ArgumentException">The attribute cannot be taken; the message says why.</exception>
    /// <exception cref="InvalidQueryException">No model of the collection can find values of it.</exception>
    /// <exception cref="UnknownSpaceException">It names a space that does not exist.</exception>
    /// <exception cref="ModelNotFoundException">The model of its space is not there.</exception>
    public async Task<IReadOnlyList<string>> SetAsync(
        string collection, AttributeDefinition attribute, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        IReadOnlyList<string> notices = [];
        await _indexer.ChangeAsync(
            collection,
            () =>
            {
                Collection opened = _collections.GetWritable(collection);
                using IDisposable held = opened.HoldLock();
                AttributeDefinition.Check(attribute);
                _spaces.Encode(opened.Spaces, attribute, cancellationToken);
                opened.Attributes.Set(attribute);
                notices = new AttributeAssignment(_spaces).Run(opened, attribute, progress, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        return notices;
    }

    /// <summary>Removes an attribute with its values; false when there was none.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    public async Task<bool> RemoveAsync(string collection, string name, CancellationToken cancellationToken = default)
    {
        bool isRemoved = false;
        await _indexer.ChangeAsync(
            collection, () => isRemoved = _collections.GetWritable(collection).Attributes.Remove(name), cancellationToken)
            .ConfigureAwait(false);
        return isRemoved;
    }
}
