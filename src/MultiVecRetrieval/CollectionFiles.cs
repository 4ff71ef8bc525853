using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>
/// All files of one generation of a collection, open: the catalog, and those of its segments and tiers. Searches and commits go on; what
/// they delete meanwhile is kept for whoever reads here. Dispose it to let go of them.
/// </summary>
public sealed class CollectionFiles : IDisposable
{
    // Another process may merge segments before they are open here; what came instead is opened then.
    private const int MaxAttempts = 5;

    private readonly List<CollectionFile> _files = [];

    private CollectionFiles(string folder, long generation) => (Folder, Generation) = (folder, generation);

    /// <summary>The generation.</summary>
    public long Generation { get; }

    /// <summary>The folder of the collection: paths of its own files in the catalog begin with it.</summary>
    public string Folder { get; }

    /// <summary>The catalog first, the others by name.</summary>
    public IReadOnlyList<CollectionFile> Files => _files;

    /// <summary>Bytes of all files.</summary>
    public long SizeInBytes => _files.Sum(file => file.Content.Length);

    internal static CollectionFiles Open(CollectionStore store, IReadOnlyDictionary<string, string> besides)
    {
        for (int attempt = 1; ; attempt++)
        {
            // Once its files are open the snapshot is not needed: it would keep the catalog's log from being emptied.
            using Snapshot snapshot = new(store);
            CollectionFiles files = new(store.Folder, snapshot.Generation);
            try
            {
                files.Add(snapshot, besides);
                return files;
            }
            catch (FileNotFoundException) when (attempt < MaxAttempts)
            {
                files.Dispose();
            }
            catch
            {
                files.Dispose();
                throw;
            }
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _files.ForEach(file => file.Content.Dispose());
        _files.Clear();
    }

    private void Add(Snapshot snapshot, IReadOnlyDictionary<string, string> besides)
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
            _files.Add(new CollectionFile(SqliteCatalog.FileName, new FileStream(
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
            _files.Add(new CollectionFile(name, new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan)));
        }
    }
}
