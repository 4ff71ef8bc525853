namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// What was made of the files of a collection and can be made again, by name: pictures of entries, office documents as PDF. Up to a size;
/// the least recently used go first. Thread-safe, across processes too.
/// </summary>
internal sealed class FileCache(string folder, long maxBytes)
{
    // Trimming lists the whole folder, so it is done once for a share of the cache written.
    private const int TrimShare = 20;

    private readonly Lock _lock = new();
    private long _writtenSinceTrim = long.MaxValue / 2;

    /// <summary>The cache of a collection.</summary>
    public static FileCache Of(string collectionFolder, long maxBytes) => new(Path.Combine(collectionFolder, "cache"), maxBytes);

    /// <summary>The bytes of a file; null when it is not kept.</summary>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Find(name) is { } path ? await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The path of a file, which counts as used now; null when it is not kept.</summary>
    public string? Find(string name)
    {
        string path = Path.Combine(folder, name);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps bytes; what cannot be kept (a full or read-only disk) is simply made again next time.</summary>
    public void Keep(string name, byte[] content) => Keep(name, content.LongLength, partial => File.WriteAllBytes(partial, content));

    /// <summary>Keeps a copy of a file, as far as it can be kept.</summary>
    public void KeepCopy(string name, string path) => Keep(name, new FileInfo(path).Length, partial => File.Copy(path, partial));

    private void Keep(string name, long length, Action<string> write)
    {
        if (maxBytes == 0 || length > maxBytes)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string partial = Path.Combine(folder, $".{Guid.NewGuid():n}.part");
            write(partial);
            File.Move(partial, Path.Combine(folder, name), overwrite: true);
            TrimNowAndThen(length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Said above.
        }
    }

    private void TrimNowAndThen(long written)
    {
        lock (_lock)
        {
            _writtenSinceTrim += written;
            if (_writtenSinceTrim < maxBytes / TrimShare)
            {
                return;
            }

            _writtenSinceTrim = 0;
            List<FileInfo> files = [.. new DirectoryInfo(folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc)];
            long total = 0;
            foreach (FileInfo file in files)
            {
                total += file.Length;
                if (total > maxBytes)
                {
                    file.Delete();
                }
            }
        }
    }
}
