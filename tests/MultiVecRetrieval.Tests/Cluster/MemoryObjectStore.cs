using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Cluster;

namespace MultiVecRetrieval.Tests.Cluster;

/// <summary>Objects in memory, with a clock, and with calls that fail on demand.</summary>
internal sealed class MemoryObjectStore(TimeProvider time) : IObjectStore
{
    public ConcurrentDictionary<string, (byte[] Content, DateTimeOffset ModifiedAt)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before each call with its kind ("put", "get", "list", "delete") and key; may throw.</summary>
    public Action<string, string> Before { get; set; } = (_, _) => { };

    /// <summary>What a get gives in place of what is stored.</summary>
    public Func<string, byte[], byte[]> OnGet { get; set; } = (_, content) => content;

    public string Address => "memory";

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Before("put", key);
        Objects[key] = (content.ToArray(), time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<byte[]> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Before("get", key);
        return Objects.TryGetValue(key, out (byte[] Content, DateTimeOffset) found)
            ? Task.FromResult(OnGet(key, found.Content))
            : throw new ObjectNotFoundException(Address, key);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Before("list", prefix);
        await Task.Yield();
        foreach ((string key, (byte[] content, DateTimeOffset modifiedAt)) in Objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new StoredObject(key, content.Length, modifiedAt);
            }
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        Before("delete", key);
        Objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }
}
