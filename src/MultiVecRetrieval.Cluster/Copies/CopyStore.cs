using System.Security.Cryptography;
using MultiVecRetrieval.Cluster.Copies;

namespace MultiVecRetrieval.Cluster;

/// <summary>
/// Copies of collections in a store of objects. Files are cut into blocks of 8 MiB that are named after their SHA-256, so that a push sends
/// only what no copy has yet, one that was cut goes on where it was, and every byte is checked when it comes back. Thread-safe.
/// </summary>
/// <remarks>docs/format.md describes every object. Several may push at once, also from several machines; collecting waits for no one and
/// refuses while a push is under way.</remarks>
public sealed class CopyStore
{
    private const int DefaultBlockSize = 8 << 20;

    // As many blocks are in memory, and on their way, at once.
    private const int ParallelBlocks = 4;

    // What is younger may belong to a push that was cut and will go on.
    private static readonly TimeSpan KeptUnlisted = TimeSpan.FromDays(2);

    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly int _blockSize;

    /// <summary>Works on a store.</summary>
    /// <param name="store">Where objects are kept; not disposed here.</param>
    public CopyStore(IObjectStore store)
        : this(store, TimeProvider.System, DefaultBlockSize)
    {
    }

    internal CopyStore(IObjectStore store, TimeProvider time, int blockSize) => (_store, _time, _blockSize) = (store, time, blockSize);

    /// <summary>Stores a copy of a collection.</summary>
    /// <param name="collection">Name of the collection in the store.</param>
    /// <param name="files">Its files, as <see cref="CollectionUpkeep.OpenFiles"/> opens them.</param>
    /// <param name="progress">Told of each block.</param>
    /// <param name="cancellationToken">Stops it. There is no copy then; what was sent need not be sent again.</param>
    /// <exception cref="CopiesBusyException">What no copy needs is being removed.</exception>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task<PushReport> PushAsync(
        string collection, CollectionFiles files, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentNullException.ThrowIfNull(files);
        CopyMarks marks = new(_store, _time);
        string mark = await marks.BeginPushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DateTimeOffset createdAt = _time.GetUtcNow();
            await using BlockSender sender = new(_store, ParallelBlocks);
            await sender.ReadKnownAsync(cancellationToken).ConfigureAwait(false);
            long total = files.SizeInBytes;
            long done = 0;
            List<CopyManifest.File> sent = [];
            foreach ((string name, Stream content) in files.Files)
            {
                List<string> hashes = [];
                long size = content.Length;
                content.Position = 0;
                for (long offset = 0; offset < size; offset += _blockSize)
                {
                    progress?.Report(new CopyProgress(name, done, total));
                    byte[] block = new byte[Math.Min(_blockSize, size - offset)];
                    await content.ReadExactlyAsync(block, cancellationToken).ConfigureAwait(false);
                    hashes.Add(await sender.SendAsync(block, cancellationToken).ConfigureAwait(false));
                    done += block.Length;
                    await marks.RenewAsync(mark, cancellationToken).ConfigureAwait(false);
                }

                sent.Add(new CopyManifest.File(name, size, hashes));
            }

            await sender.FinishAsync().ConfigureAwait(false);
            progress?.Report(new CopyProgress("", done, total));

            // Whoever slept for longer than a mark counts cannot know what was removed meanwhile.
            await marks.CheckAsync(mark, cancellationToken).ConfigureAwait(false);
            CopyManifest manifest = new(CopyManifest.NewestFormat, files.Generation, files.Folder, createdAt, _blockSize, sent);
            byte[] bytes = manifest.ToBytes();
            CopyInfo copy = new(CopyKeys.GetId(createdAt, CopyManifest.GetHash(bytes)), collection, createdAt);
            await _store.PutAsync(CopyKeys.OfCopy(collection, copy.Id), bytes, cancellationToken).ConfigureAwait(false);
            return new PushReport(copy, files.Generation, sent.Count, total, sender.SentBytes);
        }
        finally
        {
            await marks.EndAsync(mark).ConfigureAwait(false);
        }
    }

    /// <summary>The copies, oldest first.</summary>
    /// <param name="collection">Those of one collection; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task<IReadOnlyList<CopyInfo>> ListAsync(string? collection = null, CancellationToken cancellationToken = default)
    {
        List<CopyInfo> copies = [];
        await foreach (StoredObject found in _store.ListAsync(
            collection is null ? CopyKeys.Copies : CopyKeys.OfCollection(collection), cancellationToken).ConfigureAwait(false))
        {
            if (CopyKeys.ReadCopy(found.Key) is { } copy)
            {
                copies.Add(copy);
            }
        }

        return [.. copies.OrderBy(copy => copy.Collection, StringComparer.Ordinal).ThenBy(copy => copy.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes a collection of a copy: every block checked, all of it or nothing. What came before it stopped is kept beside the
    /// folder, and taken up by the next pull of the same copy.</summary>
    /// <param name="collection">Name of the collection in the store.</param>
    /// <param name="folder">The folder of the new collection, which must not exist.</param>
    /// <param name="id">Which copy; null for the newest.</param>
    /// <param name="progress">Told of each block.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CopyNotFoundException">There is no such copy.</exception>
    /// <exception cref="CollectionExistsException">There is something in the folder's place.</exception>
    /// <exception cref="InvalidDataException">The copy is damaged; the message names the object.</exception>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task<PullReport> PullAsync(
        string collection, string folder, string? id = null, IProgress<CopyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CopyInfo copy = await FindAsync(collection, id, cancellationToken).ConfigureAwait(false);
        CopyManifest manifest = await ReadAsync(copy, cancellationToken).ConfigureAwait(false);
        using CollectionRestoration restoration = new(folder, copy.Id) { KeepsParts = true };
        BlockFetcher fetcher = new(_store, ParallelBlocks);
        long done = 0;
        foreach (CopyManifest.File file in manifest.Files)
        {
            await restoration.AddAsync(file.Name, stream => fetcher.FetchAsync(
                manifest,
                file,
                stream,
                length => progress?.Report(new CopyProgress(file.Name, done += length, manifest.SizeInBytes)),
                cancellationToken)).ConfigureAwait(false);
        }

        restoration.Complete(manifest.Folder);
        return new PullReport(copy, manifest.Generation, manifest.Files.Count, manifest.SizeInBytes, fetcher.FetchedBytes);
    }

    /// <summary>Checks that every block of every copy is there and has its size, or, reading all of them, its bytes.</summary>
    /// <param name="readBlocks">True to read every block.</param>
    /// <param name="progress">Told of each block that is read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task<CopyCheck> CheckAsync(
        bool readBlocks, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<CopyInfo> copies = await ListAsync(null, cancellationToken).ConfigureAwait(false);
        Dictionary<string, long> stored = await ListBlocksAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, (int Length, CopyInfo Copy)> wanted = new(StringComparer.Ordinal);
        List<string> problems = [];
        foreach (CopyInfo copy in copies)
        {
            try
            {
                CopyManifest manifest = await ReadAsync(copy, cancellationToken).ConfigureAwait(false);
                foreach (CopyManifest.File file in manifest.Files)
                {
                    for (int block = 0; block < file.Blocks.Count; block++)
                    {
                        wanted.TryAdd(file.Blocks[block], (manifest.GetLength(file, block), copy));
                    }
                }
            }
            catch (Exception damaged) when (damaged is InvalidDataException or UnsupportedFormatException or ObjectNotFoundException)
            {
                problems.Add($"{copy.Collection} {copy.Id}: {damaged.Message}");
            }
        }

        long total = wanted.Values.Sum(block => (long)block.Length);
        long done = 0;
        foreach ((string hash, (int length, CopyInfo copy)) in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string key = CopyKeys.OfBlock(hash);
            if (!stored.TryGetValue(hash, out long size))
            {
                problems.Add($"{copy.Collection} {copy.Id}: '{key}' is missing.");
            }
            else if (size != length)
            {
                problems.Add($"{copy.Collection} {copy.Id}: '{key}' has {size} of {length} bytes.");
            }
            else if (readBlocks)
            {
                progress?.Report(new CopyProgress(key, done, total));
                byte[] content = await _store.GetAsync(key, cancellationToken).ConfigureAwait(false);
                if (Convert.ToHexStringLower(SHA256.HashData(content)) != hash)
                {
                    problems.Add($"{copy.Collection} {copy.Id}: '{key}' is damaged.");
                }
            }

            done += length;
        }

        return new CopyCheck(copies.Count, wanted.Count, total, problems);
    }

    /// <summary>Removes all but the newest copies of a collection, then every block that no copy of any collection is made of and that is
    /// older than two days.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="keep">Copies to keep, at least 1.</param>
    /// <param name="cancellationToken">Stops it; what was removed is gone.</param>
    /// <exception cref="CopiesBusyException">A push is under way.</exception>
    /// <exception cref="InvalidDataException">A copy that stays cannot be read, so that nobody knows what it needs; nothing was
    /// removed.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote a copy that stays; nothing was removed.</exception>
    /// <exception cref="ObjectStoreException">The store refused or could not be reached.</exception>
    public async Task<CollectReport> CollectAsync(string collection, int keep, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        CopyMarks marks = new(_store, _time);
        string mark = await marks.BeginCollectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<CopyInfo> all = await ListAsync(null, cancellationToken).ConfigureAwait(false);
            CopyInfo[] old = [.. all.Where(copy => copy.Collection == collection).SkipLast(keep)];
            HashSet<string> needed = new(StringComparer.Ordinal);
            foreach (CopyInfo copy in all.Except(old))
            {
                CopyManifest manifest = await ReadAsync(copy, cancellationToken).ConfigureAwait(false);
                needed.UnionWith(manifest.Files.SelectMany(file => file.Blocks));
            }

            foreach (CopyInfo copy in old)
            {
                await _store.DeleteAsync(CopyKeys.OfCopy(copy.Collection, copy.Id), cancellationToken).ConfigureAwait(false);
            }

            DateTimeOffset before = _time.GetUtcNow() - KeptUnlisted;
            int blockCount = 0;
            long freed = 0;
            await foreach (StoredObject block in _store.ListAsync(CopyKeys.Blocks, cancellationToken).ConfigureAwait(false))
            {
                if (block.ModifiedAt < before && !needed.Contains(block.Key[(block.Key.LastIndexOf('/') + 1)..]))
                {
                    await _store.DeleteAsync(block.Key, cancellationToken).ConfigureAwait(false);
                    await marks.RenewAsync(mark, cancellationToken).ConfigureAwait(false);
                    blockCount++;
                    freed += block.SizeInBytes;
                }
            }

            return new CollectReport(old.Length, blockCount, freed);
        }
        finally
        {
            await marks.EndAsync(mark).ConfigureAwait(false);
        }
    }

    private async Task<Dictionary<string, long>> ListBlocksAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, long> blocks = new(StringComparer.Ordinal);
        await foreach (StoredObject block in _store.ListAsync(CopyKeys.Blocks, cancellationToken).ConfigureAwait(false))
        {
            blocks[block.Key[(block.Key.LastIndexOf('/') + 1)..]] = block.SizeInBytes;
        }

        return blocks;
    }

    private async Task<CopyInfo> FindAsync(string collection, string? id, CancellationToken cancellationToken)
    {
        IReadOnlyList<CopyInfo> copies = await ListAsync(collection, cancellationToken).ConfigureAwait(false);
        return copies.LastOrDefault(copy => id is null || copy.Id == id)
            ?? throw new CopyNotFoundException(_store.Address, collection, id, [.. copies.Select(copy => copy.Id)]);
    }

    private async Task<CopyManifest> ReadAsync(CopyInfo copy, CancellationToken cancellationToken)
    {
        string key = CopyKeys.OfCopy(copy.Collection, copy.Id);
        byte[] bytes = await _store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        return copy.Id.EndsWith($"-{CopyManifest.GetHash(bytes)}", StringComparison.Ordinal)
            ? CopyManifest.Parse(key, bytes)
            : throw new InvalidDataException($"'{key}' of {_store.Address} is damaged: its SHA-256 begins with {CopyManifest.GetHash(bytes)}.");
    }
}
