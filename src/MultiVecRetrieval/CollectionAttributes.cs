using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>The attributes of a collection and the values that its entries have of them. Values are derived: whoever has an encoder finds
/// them (<c>Library.Attributes</c>). Thread-safe.</summary>
public sealed class CollectionAttributes
{
    private readonly CollectionStore _store;

    internal CollectionAttributes(CollectionStore store) => _store = store;

    /// <summary>The attributes, by name.</summary>
    public IReadOnlyList<AttributeState> List() => _store.Catalog.Read(AttributeTable.List);

    /// <summary>An attribute; null when there is none of that name.</summary>
    public AttributeState? Find(string name) => List().FirstOrDefault(state => state.Attribute.Name == name);

    /// <summary>Adds an attribute, or changes the one of that name; then its values are gone and every entry waits. Nothing happens where
    /// it is the same already.</summary>
    /// <exception cref="ArgumentException">The name, the values, the template or the threshold cannot be taken; the message says
    /// why.</exception>
    /// <exception cref="UnknownSpaceException">It names a space that does not exist.</exception>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void Set(AttributeDefinition attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        AttributeDefinition.Check(attribute);
        Change(connection =>
        {
            List<Space> spaces = CatalogQueries.GetSpaces(connection);
            return attribute.Space is { } space && spaces.TrueForAll(known => known.Name != space)
                ? throw new UnknownSpaceException(space, [.. spaces.Select(known => known.Name)])
                : AttributeTable.Set(connection, attribute);
        });
    }

    /// <summary>Removes an attribute with its values; false when there was none.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public bool Remove(string name) => Change(connection => AttributeTable.Remove(connection, name));

    /// <summary>Says by which space values are found from now on. Those that another one found are gone, and every entry waits.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void UseSpace(string name, SpaceId space) => Change(connection => AttributeTable.UseSpace(connection, name, space));

    /// <summary>Keys of entries that were not compared yet, in the order in which <see cref="Save"/> takes them.</summary>
    public IReadOnlyList<string> ListWaiting(string name, int limit) =>
        _store.Catalog.Read(connection => AttributeTable.ListWaiting(connection, name, limit));

    /// <summary>Saves what was found in entries by their keys, in one transaction; they wait no more, nor does any that came before
    /// them.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    public void Save(string name, IReadOnlyDictionary<string, IReadOnlyList<AttributeValue>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Change(connection =>
        {
            AttributeTable.Save(connection, name, values);
            return true;
        });
    }

    private bool Change(Func<Microsoft.Data.Sqlite.SqliteConnection, bool> change)
    {
        bool isChanged = false;
        lock (_store.CommitGate)
        {
            _store.Catalog.Write(connection =>
            {
                isChanged = change(connection);
                if (isChanged)
                {
                    CatalogChanges.AdvanceGeneration(connection);
                }
            });
        }

        return isChanged;
    }
}
