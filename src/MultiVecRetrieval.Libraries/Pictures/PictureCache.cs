namespace MultiVecRetrieval.Libraries.Pictures;

/// <summary>JPEG files of a collection by name, up to a size; the least recently used go first. Thread-safe, across processes
/// too.</summary>
internal sealed class PictureCache(string folder, long maxBytes)
{
    // Trimming lists the whole folder, so it is done once for a share of the cache written.
    private const int TrimShare = 20;

    private readonly Lock _lock = new();
    private long _writtenSinceTrim = long.MaxValue / 2;

    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, name);
        try
        {
            byte[] picture = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return picture;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a picture; one that cannot be kept (a full or read-only disk) is simply made again next time.</summary>
    public void Keep(string name, byte[] picture)
    {
        if (maxBytes == 0 || picture.LongLength > maxBytes)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string partial = Path.Combine(folder, $".{Guid.NewGuid():n}.part");
            File.WriteAllBytes(partial, picture);
            File.Move(partial, Path.Combine(folder, name), overwrite: true);
            TrimNowAndThen(picture.LongLength);
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
