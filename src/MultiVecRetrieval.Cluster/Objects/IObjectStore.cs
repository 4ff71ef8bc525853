namespace MultiVecRetrieval.Cluster;

/// <summary>Where objects are kept: bytes under a key, written whole or not at all. Thread-safe.</summary>
/// <remarks>Keys are parts of letters, digits and <c>- _ . %</c>, joined by '/'. What was put is seen by every later read and
/// list.</remarks>
public interface IObjectStore : IDisposable
{
    /// <summary>What a user calls it.</summary>
    string Address { get; }

    /// <summary>Stores an object; one of that key is replaced. Durable when this returns.</summary>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>All bytes of an object.</summary>
    /// <exception cref="ObjectNotFoundException">There is none of that key.</exception>
    /// <exception cref="ObjectStoreException">The store refused, could not be reached, or gave fewer bytes than it said.</exception>
    Task<byte[]> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>The objects whose keys begin with a prefix, in no order.</summary>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Removes an object; one that is not there is no error.</summary>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    Task DeleteAsync(string key, CancellationToken cancellationToken = default);
}
