using System.Security.Cryptography;

namespace MultiVecRetrieval.Cluster.Copies;

/// <summary>Puts blocks that the store does not have, several at once. Disposing it waits for those under way.</summary>
internal sealed class BlockSender(IObjectStore store, int parallel) : IAsyncDisposable
{
    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly List<Task> _underWay = [];

    /// <summary>Bytes that were put.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Learns which blocks are there.</summary>
    public async Task ReadKnownAsync(CancellationToken cancellationToken)
    {
        await foreach (StoredObject block in store.ListAsync(CopyKeys.Blocks, cancellationToken).ConfigureAwait(false))
        {
            _known[block.Key[(block.Key.LastIndexOf('/') + 1)..]] = block.SizeInBytes;
        }
    }

    /// <summary>Sees to it that a block gets there; waits only while too many are under way.</summary>
    /// <returns>Its SHA-256.</returns>
    public async Task<string> SendAsync(byte[] block, CancellationToken cancellationToken)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(block));
        if (_known.TryGetValue(hash, out long size) && size == block.Length)
        {
            return hash;
        }

        if (_underWay.Count >= parallel)
        {
            Task first = await Task.WhenAny(_underWay).ConfigureAwait(false);
            _underWay.Remove(first);
            await first.ConfigureAwait(false);
        }

        _underWay.Add(store.PutAsync(CopyKeys.OfBlock(hash), block, cancellationToken));
        _known[hash] = block.Length;
        SentBytes += block.Length;
        return hash;
    }

    /// <summary>Returns once all that was sent is there.</summary>
    public async Task FinishAsync()
    {
        await Task.WhenAll(_underWay).ConfigureAwait(false);
        _underWay.Clear();
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
