using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval.Upkeep;

/// <summary>Copies one generation of a collection into a tar archive while searches and commits go on.</summary>
internal sealed class BackupWriter(CollectionStore store)
{
    public BackupReport Write(
        Stream target, IReadOnlyDictionary<string, string> besides, IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        using CollectionFiles files = CollectionFiles.Open(store, besides);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        long all = files.SizeInBytes;
        long done = 0;
        List<BackupManifest.File> written = [];
        using TarWriter archive = new(target, TarEntryFormat.Pax, leaveOpen: true);
        foreach ((string name, Stream stream) in files.Files)
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
        byte[] manifest = new BackupManifest(BackupManifest.NewestFormat, files.Generation, files.Folder, now, written).ToBytes();
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.Name)
        {
            DataStream = new MemoryStream(manifest),
            ModificationTime = now,
        });
        return new BackupReport(files.Generation, written.Count, done);
    }

    // Of what the file holds now: it is read twice, and immutable.
    private static string Hash(Stream stream, CancellationToken cancellationToken)
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
