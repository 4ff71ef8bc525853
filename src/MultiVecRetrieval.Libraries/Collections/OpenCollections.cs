using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval.Libraries.Collections;

/// <summary>
/// The collections of a data folder, each opened once: for writing when no other process writes it. What is handed out is shared: only
/// this closes it. Thread-safe.
/// </summary>
internal sealed class OpenCollections(LibraryOptions options, ILoggerFactory? loggerFactory = null) : IDisposable
{
    private const long TimeBetweenTriesInMs = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Collection> _open = new(StringComparer.Ordinal);

    // Readers that a writer replaced: searches may still run on them, so they live until the end.
    private readonly List<Collection> _replaced = [];
    private readonly CollectionOptions _opening = options.ForCollections() with { LoggerFactory = loggerFactory };
    private long _triedAt;
    private bool _isDisposed;

    public string FolderOf(string name) => Path.Combine(Path.GetFullPath(options.DataFolder), CollectionName.Check(name));

    public bool Exists(string name) => Collection.Exists(FolderOf(name));

    public IReadOnlyList<string> List()
    {
        string data = Path.GetFullPath(options.DataFolder);
        return !Directory.Exists(data)
            ? []
            : [.. Directory.EnumerateDirectories(data)
                .Where(folder => CollectionName.IsValid(Path.GetFileName(folder)) && Collection.Exists(folder))
                .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];
    }

    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public Collection Get(string name)
    {
        string folder = FolderOf(name);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Library));
            if (!_open.TryGetValue(name, out Collection? collection))
            {
                collection = Open(folder);
                _open.Add(name, collection);
            }
            else if (!collection.IsWritable && IsTimeToTryAgain() && OpenWritableOrNull(folder) is { } writable)
            {
                _replaced.Add(collection);
                _open[name] = collection = writable;
            }

            return collection.Share();
        }
    }

    /// <summary>The collection for writing; created with <paramref name="spaces"/> when there is none.</summary>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    /// <exception cref="CollectionNotFoundException">There is none and <paramref name="spaces"/> is null.</exception>
    public Collection GetWritable(string name, Func<IReadOnlyList<Space>>? spaces = null)
    {
        if (options.ReadOnly)
        {
            throw new InvalidSettingException("readOnly", "true", "false, to change a collection");
        }

        string folder = FolderOf(name);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Library));
            if (_open.TryGetValue(name, out Collection? collection) && collection.IsWritable)
            {
                return collection.Share();
            }

            Collection writable = spaces is not null && !Collection.Exists(folder)
                ? Create(folder, spaces())
                : OpenWritable(folder);
            if (collection is not null)
            {
                _replaced.Add(collection);
            }

            _open[name] = writable;
            return writable.Share();
        }
    }

    /// <summary>Closes and deletes a collection with everything in its folder.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    public void Delete(string name)
    {
        using IDisposable held = GetWritable(name).HoldLock();
        lock (_lock)
        {
            Close(name);
            Directory.Delete(FolderOf(name), recursive: true);
        }
    }

    /// <summary>Closes a collection and moves its folder; what the catalog says of files in that folder, uploads, follows.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionExistsException">There is one of the new name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes it.</exception>
    public void Rename(string name, string newName)
    {
        (string folder, string newFolder) = (FolderOf(name), FolderOf(newName));
        if (Path.Exists(newFolder))
        {
            throw new CollectionExistsException(newFolder);
        }

        using IDisposable held = GetWritable(name).HoldLock();
        lock (_lock)
        {
            Close(name);
            Directory.Move(folder, newFolder);
        }

        GetWritable(newName).Sources.MoveRoot(folder, newFolder);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (Collection collection in _open.Values.Concat(_replaced))
            {
                collection.Dispose();
            }

            _open.Clear();
            _replaced.Clear();
        }
    }

    private void Close(string name)
    {
        if (_open.Remove(name, out Collection? collection))
        {
            collection.Dispose();
        }
    }

    private Collection Create(string folder, IReadOnlyList<Space> spaces)
    {
        Directory.CreateDirectory(Path.GetFullPath(options.DataFolder));
        return Collection.Create(folder, _opening with { Spaces = spaces });
    }

    // Another process may hold the lock for a moment only.
    private Collection OpenWritable(string folder)
    {
        const int Tries = 20;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Collection.Open(folder, writable: true, _opening);
            }
            catch (CollectionLockedException) when (attempt < Tries)
            {
                Thread.Sleep(50);
            }
        }
    }

    private Collection Open(string folder)
    {
        if (!Collection.Exists(folder))
        {
            throw new CollectionNotFoundException(folder);
        }

        return OpenWritableOrNull(folder) ?? Collection.Open(folder, writable: false, _opening);
    }

    private Collection? OpenWritableOrNull(string folder)
    {
        if (options.ReadOnly)
        {
            return null;
        }

        try
        {
            return Collection.Open(folder, writable: true, _opening);
        }
        catch (Exception error) when (error is CollectionLockedException or UnauthorizedAccessException)
        {
            // Another process writes, or the folder may not be written: reading still works.
            return null;
        }
    }

    // Whoever wrote a collection when it was opened may be done by now.
    private bool IsTimeToTryAgain()
    {
        long now = Environment.TickCount64;
        if (now - _triedAt < TimeBetweenTriesInMs)
        {
            return false;
        }

        _triedAt = now;
        return true;
    }
}
