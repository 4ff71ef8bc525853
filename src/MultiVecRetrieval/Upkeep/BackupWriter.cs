using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Copies one generation of a collection into a tar archive while searches and commits go on.</summary>
internal sealed class BackupWriter(CollectionStore store)
{
    // Another process may merge segments before they are open here; what came instead is copied then.
    private const int MaxAttempts = 5;

    public BackupReport Write(
        Stream target, IReadOnlyDictionary<string, string> besides, IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            using Snapshot snapshot = new(store);
            List<(string Name, FileStream Stream)> files = [];
            try
            {
                try
                {
                    Open(snapshot, besides, files);
                }
                catch (FileNotFoundException) when (attempt < MaxAttempts)
                {
                    continue;
                }

                return Copy(snapshot, files, target, progress, cancellationToken);
            }
            finally
            {
                files.ForEach(file => file.Stream.Dispose());
            }
        }
    }

    private static void Open(
        Snapshot snapshot, IReadOnlyDictionary<string, string> besides, List<(string Name, FileStream Stream)> files)
    {
        string catalog = Path.Combine(Path.GetTempPath(), $"mvr-backup-{Guid.NewGuid():n}.db");
        try
        {
            // The page cache of the snapshot's own connection: the state that its segments belong to.
            snapshot.Read(connection =>
            {
                using SqliteConnection copy = new(
                    new SqliteConnectionStringBuilder { DataSource = catalog, Pooling = false }.ConnectionString);
                copy.Open();
                connection.BackupDatabase(copy);
                copy.Execute("PRAGMA journal_mode = DELETE");
                return 0;
            });
            files.Add((SqliteCatalog.FileName, new FileStream(
                catalog, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16,
                FileOptions.DeleteOnClose | FileOptions.SequentialScan)));
        }
        catch
        {
            File.Delete(catalog);
            throw;
        }

        IEnumerable<(string Name, string Path)> others = snapshot.Set.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal)
            .Select(path => ($"{CollectionStore.SegmentFolderName}/{Path.GetFileName(path)}", path))
            .Concat(besides.Select(file => (file.Key, file.Value)));
        foreach ((string name, string path) in others.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            files.Add((name, new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan)));
        }
    }

    private BackupReport Copy(Snapshot snapshot, List<(string Name, FileStream Stream)> files, Stream target,
        IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        long all = files.Sum(file => file.Stream.Length);
        long done = 0;
        List<BackupManifest.File> written = [];
        using TarWriter archive = new(target, TarEntryFormat.Pax, leaveOpen: true);
        foreach ((string name, FileStream stream) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new BackupProgress(name, done, all));
            long size = stream.Length;
            string hash = Hash(stream, cancellationToken);
            stream.Position = 0;
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream, ModificationTime = now });
            written.Add(new BackupManifest.File(name, size, hash));
            done += size;
        }

        progress?.Report(new BackupProgress(BackupManifest.Name, done, all));
        byte[] manifest = new BackupManifest(BackupManifest.NewestFormat, snapshot.Generation, store.Folder, now, written).ToBytes();
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Name)
        {
            DataStream = new MemoryStream(manifest),
            ModificationTime = now,
        });
        return new BackupReport(snapshot.Generation, written.Count, done);
    }

    // Of what the file holds now: it is read twice, and immutable.
    private static string Hash(FileStream stream, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
