using System.Security.Cryptography;

namespace MultiVecRetrieval.Cluster.Copies;

/// <summary>Writes files from their blocks, several on their way at once.</summary>
internal sealed class BlockFetcher(IObjectStore store, int parallel)
{
    /// <summary>Bytes that came from the store.</summary>
    public long FetchedBytes { get; private set; }

    /// <summary>Writes a file from its position on. Blocks that it holds already are left as they are.</summary>
    /// <param name="manifest">The copy.</param>
    /// <param name="file">What it has to hold.</param>
    /// <param name="target">The file, at its beginning; at its end afterwards.</param>
    /// <param name="report">Told of the bytes of each block.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">A block is missing or damaged.</exception>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task FetchAsync(
        CopyManifest manifest, CopyManifest.File file, Stream target, Action<int> report, CancellationToken cancellationToken)
    {
        Queue<(int Block, Task<byte[]> Content)> ahead = [];
        try
        {
            await FetchAsync(manifest, file, target, report, ahead, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // What is on its way when one of them fails.
            await Task.WhenAll(ahead.Select(block => (Task)block.Content)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FetchAsync(
        CopyManifest manifest, CopyManifest.File file, Stream target, Action<int> report,
        Queue<(int Block, Task<byte[]> Content)> ahead, CancellationToken cancellationToken)
    {
        for (int block = 0; block < file.Blocks.Count || ahead.Count > 0;)
        {
            if (block < file.Blocks.Count && ahead.Count < parallel)
            {
                bool isThere = await HoldsAsync(target, manifest, file, block, cancellationToken).ConfigureAwait(false);
                if (isThere)
                {
                    report(manifest.GetLength(file, block));
                }
                else
                {
                    ahead.Enqueue((block, GetAsync(manifest, file, block, cancellationToken)));
                }

                block++;
                continue;
            }

            (int next, Task<byte[]> content) = ahead.Dequeue();
            byte[] bytes = await content.ConfigureAwait(false);
            target.Position = (long)next * manifest.BlockSize;
            await target.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            FetchedBytes += bytes.Length;
            report(bytes.Length);
        }

        target.Position = file.Size;
    }

    private static async Task<bool> HoldsAsync(
        Stream target, CopyManifest manifest, CopyManifest.File file, int block, CancellationToken cancellationToken)
    {
        long offset = (long)block * manifest.BlockSize;
        byte[] bytes = new byte[manifest.GetLength(file, block)];
        if (target.Length < offset + bytes.Length)
        {
            return false;
        }

        target.Position = offset;
        await target.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return GetHash(bytes) == file.Blocks[block];
    }

    // Bytes that changed on their way come whole the second time; those that lie damaged do not.
    private async Task<byte[]> GetAsync(CopyManifest manifest, CopyManifest.File file, int block, CancellationToken cancellationToken)
    {
        string key = CopyKeys.OfBlock(file.Blocks[block]);
        for (int attempt = 1; ; attempt++)
        {
            byte[] bytes;
            try
            {
                bytes = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectNotFoundException missing)
            {
                throw new InvalidDataException($"'{file.Name}' cannot be made: {missing.Message}", missing);
            }

            if (bytes.Length == manifest.GetLength(file, block) && GetHash(bytes) == file.Blocks[block])
            {
                return bytes;
            }

            if (attempt > 1)
            {
                throw new InvalidDataException($"'{file.Name}' cannot be made: '{key}' of {store.Address} is damaged.");
            }
        }
    }

    private static string GetHash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
