using System.Formats.Tar;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Makes a collection of a backup: all of it, checked and on the device, or nothing.</summary>
internal static class BackupReader
{
    /// <summary>Restores into a folder that must not exist.</summary>
    /// <returns>The folder that the collection lay in when it was copied, and what it holds.</returns>
    public static (string Folder, BackupReport Report) Restore(
        Stream source, string folder, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        if (Path.Exists(folder))
        {
            throw new CollectionExistsException(folder);
        }

        string parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        Directory.CreateDirectory(parent);

        // A name that begins with a dot is no collection.
        string partial = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():n}.part");
        try
        {
            Dictionary<string, (long Size, string Sha256)> found = new(StringComparer.Ordinal);
            BackupManifest manifest = Unpack(source, partial, found, progress, cancellationToken);
            Check(manifest, found);
            CheckCatalog(Path.Combine(partial, SqliteCatalog.FileName));
            foreach (string inner in Directory.EnumerateDirectories(partial, "*", SearchOption.AllDirectories).Append(partial))
            {
                Storage.System.SyncFolder(inner);
            }

            Directory.Move(partial, folder);
            Storage.System.SyncFolder(parent);
            return (manifest.Folder, new BackupReport(manifest.Generation, manifest.Files.Count, manifest.Files.Sum(file => file.Size)));
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            throw;
        }
    }

    private static BackupManifest Unpack(Stream source, string folder, Dictionary<string, (long Size, string Sha256)> found,
        IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, CollectionStore.SegmentFolderName));
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

                CheckName(entry.Name);
                (long size, string hash) = Write(entry, Path.Combine(folder, entry.Name), cancellationToken);
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

    // Only what a collection has: nothing of it can land elsewhere.
    private static void CheckName(string name)
    {
        string[] parts = name.Split('/');
        bool isKnown = name == SqliteCatalog.FileName
            || (parts is [CollectionStore.SegmentFolderName, var segment] && IsFile(segment))
            || (parts is ["uploads", var upload] && IsFile(upload));
        if (!isKnown)
        {
            throw new InvalidDataException($"The archive is no backup: '{name}' is no file of a collection.");
        }

        static bool IsFile(string part) => part.Length > 0 && part is not ("." or "..") && part.IndexOfAny(['\0', '\\', ':']) < 0;
    }

    private static (long Size, string Sha256) Write(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = Storage.System.Create(path);
        byte[] buffer = new byte[1 << 20];
        for (int read; entry.DataStream is { } data && (read = data.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
            Storage.System.Write(file, buffer.AsSpan(0, read));
        }

        Storage.System.Sync(file);
        return (file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
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

    // A later version is refused here and not when it is first opened.
    private static void CheckCatalog(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"The archive is no backup: it has no {SqliteCatalog.FileName}.");
        }

        try
        {
            using SqliteConnection connection = new(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            connection.Open();
            CatalogSchema.CheckReadable(connection, path);
        }
        catch (SqliteException error)
        {
            throw new CatalogException(path, error.Message, error);
        }
    }
}
