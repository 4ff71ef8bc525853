using System.Formats.Tar;
using System.Security.Cryptography;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Makes a collection of a backup: all of it, checked and on the device, or nothing.</summary>
internal static class BackupReader
{
    /// <summary>Restores into a folder that must not exist.</summary>
    public static BackupReport Restore(
        Stream source, string folder, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        using CollectionRestoration restoration = new(folder);
        Dictionary<string, (long Size, string Sha256)> found = new(StringComparer.Ordinal);
        BackupManifest manifest = Unpack(source, restoration, found, progress, cancellationToken);
        Check(manifest, found);
        restoration.Complete(manifest.Folder);
        return new BackupReport(manifest.Generation, manifest.Files.Count, manifest.Files.Sum(file => file.Size));
    }

    private static BackupManifest Unpack(
        Stream source, CollectionRestoration restoration, Dictionary<string, (long Size, string Sha256)> found,
        IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        BackupManifest? manifest = null;
        long done = 0;
        try
        {
            using TarReader archive = new(source, leaveOpen: true);
            while (archive.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (manifest is not null || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                {
                    throw new InvalidDataException($"The archive is no backup: it holds '{entry.Name}' {(manifest is null ? $"as {entry.EntryType}" : "behind its manifest")}.");
                }

                progress?.Report(new BackupProgress(entry.Name, done, null));
                if (entry.Name == BackupManifest.Name)
                {
                    manifest = ReadManifest(entry);
                    continue;
                }

                long size = 0;
                string hash = "";
                restoration.Add(entry.Name, file => (size, hash) = Write(entry, file, cancellationToken));
                if (!found.TryAdd(entry.Name, (size, hash)))
                {
                    throw new InvalidDataException($"The archive is no backup: it holds '{entry.Name}' twice.");
                }

                done += size;
            }
        }
        catch (Exception cut) when (cut is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"The backup is damaged or cut short: {cut.Message}", cut);
        }

        return manifest ?? throw new InvalidDataException(
            $"The archive has no {BackupManifest.Name} at its end: it was cut short, or is no backup.");
    }

    private static BackupManifest ReadManifest(TarEntry entry)
    {
        if (entry.Length > BackupManifest.MaxLength || entry.DataStream is null)
        {
            throw new InvalidDataException($"The backup's {BackupManifest.Name} has {entry.Length} bytes.");
        }

        using MemoryStream bytes = new();
        entry.DataStream.CopyTo(bytes);
        return BackupManifest.Parse(bytes.ToArray());
    }

    private static (long Size, string Sha256) Write(TarEntry entry, Stream file, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        for (int read; entry.DataStream is { } data && (read = data.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
            file.Write(buffer.AsSpan(0, read));
        }

        return (file.Position, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Check(BackupManifest manifest, Dictionary<string, (long Size, string Sha256)> found)
    {
        if (manifest.Format > BackupManifest.NewestFormat)
        {
            throw new UnsupportedFormatException(BackupManifest.Name, manifest.Format, BackupManifest.NewestFormat);
        }

        foreach (BackupManifest.File file in manifest.Files)
        {
            if (!found.Remove(file.Name, out (long Size, string Sha256) own))
            {
                throw new InvalidDataException($"The backup lacks '{file.Name}', which its manifest lists.");
            }

            if (own.Size != file.Size || own.Sha256 != file.Sha256)
            {
                throw new InvalidDataException(
                    $"'{file.Name}' of the backup is damaged: {file.Size} bytes of SHA-256 {file.Sha256} expected, {own.Size} of {own.Sha256} found.");
            }
        }

        if (found.Count > 0)
        {
            throw new InvalidDataException($"The backup holds '{found.Keys.First()}', which its manifest does not list.");
        }
    }
}
