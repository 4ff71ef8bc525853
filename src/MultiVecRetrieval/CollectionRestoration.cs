using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>A collection that is made of the files of another one: whole and on the device once it is completed, nothing before. What was
/// not completed is removed by disposing it.</summary>
public sealed class CollectionRestoration : IDisposable
{
    private readonly string _partial;
    private bool _isCompleted;

    /// <summary>Begins one.</summary>
    /// <param name="folder">The folder of the new collection, which must not exist.</param>
    /// <exception cref="CollectionExistsException">There is something in the folder's place.</exception>
    public CollectionRestoration(string folder)
        : this(folder, Guid.NewGuid().ToString("n"))
    {
    }

    /// <summary>Begins one, or takes up one of that name that stopped; see <see cref="KeepsParts"/>.</summary>
    /// <param name="folder">The folder of the new collection, which must not exist.</param>
    /// <param name="name">What a folder beside it is named after meanwhile.</param>
    /// <exception cref="CollectionExistsException">There is something in the folder's place.</exception>
    public CollectionRestoration(string folder, string name)
    {
        Folder = Path.GetFullPath(folder);
        if (Path.Exists(Folder))
        {
            throw new CollectionExistsException(folder);
        }

        // A name that begins with a dot is no collection.
        string parent = Path.GetDirectoryName(Folder)!;
        _partial = Path.Combine(parent, $".{Path.GetFileName(Folder)}.{name}.part");
        Directory.CreateDirectory(Path.Combine(_partial, CollectionStore.SegmentFolderName));
    }

    /// <summary>Where the collection will be.</summary>
    public string Folder { get; }

    /// <summary>True to leave what is there when it is disposed and not completed, so that another one of the same name need not bring it
    /// again.</summary>
    public bool KeepsParts { get; set; }

    /// <summary>Writes a file and waits until it is on the device. One that is there already is opened with what it holds.</summary>
    /// <param name="name">Path within the collection, as <see cref="CollectionFile.Name"/>.</param>
    /// <param name="write">Writes it; what the stream holds behind its position in the end is cut off.</param>
    /// <exception cref="InvalidDataException">No collection has a file of that name.</exception>
    public void Add(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using FileStream file = OpenFile(name);
        write(file);
        Finish(file);
    }

    /// <inheritdoc cref="Add"/>
    public async Task AddAsync(string name, Func<Stream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        await using FileStream file = OpenFile(name);
        await write(file).ConfigureAwait(false);
        Finish(file);
    }

    /// <summary>Checks the catalog, and gives the collection its name.</summary>
    /// <param name="formerFolder">Where the files lay: paths in the catalog that begin with it begin with the new folder then.</param>
    /// <exception cref="InvalidDataException">There is no catalog among the files.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    /// <exception cref="CatalogException">The catalog cannot be read.</exception>
    public void Complete(string formerFolder)
    {
        // A later version is refused here and not when it is first opened.
        CheckCatalog(Path.Combine(_partial, SqliteCatalog.FileName));
        foreach (string inner in Directory.EnumerateDirectories(_partial, "*", SearchOption.AllDirectories).Append(_partial))
        {
            Storage.System.SyncFolder(inner);
        }

        Directory.Move(_partial, Folder);
        _isCompleted = true;
        Storage.System.SyncFolder(Path.GetDirectoryName(Folder)!);
        using Collection restored = Collection.Open(
            Folder, writable: true, new CollectionOptions { BuildTiersInBackground = false, MergeSegmentCount = 0 });
        restored.Sources.MoveRoot(formerFolder, restored.Folder);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        if (!_isCompleted && !KeepsParts && Directory.Exists(_partial))
        {
            Directory.Delete(_partial, recursive: true);
        }
    }

    private static void Finish(FileStream file)
    {
        file.SetLength(file.Position);
        Storage.System.Sync(file);
    }

    private FileStream OpenFile(string name)
    {
        CheckName(name);
        string path = Path.Combine(_partial, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
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
            throw new InvalidDataException($"'{name}' is no file of a collection.");
        }

        static bool IsFile(string part) => part.Length > 0 && part is not ("." or "..") && part.IndexOfAny(['\0', '\\', ':']) < 0;
    }

    private static void CheckCatalog(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"There is no {SqliteCatalog.FileName} among the files.");
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
