using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MultiVecRetrieval.Catalogs;

/// <summary>
/// The database of a collection. One connection writes and checkpoints, under <see cref="Gate"/>; all others only read.
/// </summary>
/// <remarks>
/// The journal is a write-ahead log with synchronous=FULL, so that readers see a fixed state for as long as they like and a
/// commit is on the device when it returns. SQLite up to 3.51.2 can corrupt a database when one connection commits while
/// another one checkpoints (sqlite.org/wal.html, "WAL-reset bug"). Here that cannot happen: the one writing connection of the
/// one process that holds LOCK does both, automatic checkpoints are off, and read-only connections never checkpoint.
/// </remarks>
internal sealed class SqliteCatalog : IDisposable
{
    public const string FileName = "catalog.db";
    private const int CheckpointPages = 1000;

    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Func<IDisposable>? _hold;
    private SqliteConnection? _writer;
    private bool _isDisposed;

    static SqliteCatalog() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the catalog, for writing when there is a lock to hold: then the caller holds it already.</summary>
    /// <param name="folder">The folder of the collection.</param>
    /// <param name="hold">Keeps the lock while something is written; null to read only.</param>
    public SqliteCatalog(string folder, Func<IDisposable>? hold)
    {
        Path = System.IO.Path.Combine(folder, FileName);
        _hold = hold;
        if (hold is not null)
        {
            OpenWriter();
            return;
        }

        Guard(() =>
        {
            SqliteConnection reader = Connect(Path, SqliteOpenMode.ReadOnly);
            CatalogSchema.Check(reader, Path);
            _readers.Add(reader);
            return 0;
        });
    }

    public string Path { get; }

    /// <summary>Held while the writing connection is used.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The only connection that writes.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only, or the lock was given back.</exception>
    public SqliteConnection Writer => _writer ?? throw new InvalidOperationException($"{Path} was opened read-only.");

    /// <summary>Opens the connection that writes; the lock is held.</summary>
    public void OpenWriter() => _writer = Guard(() =>
    {
        SqliteConnection writer = Connect(Path, SqliteOpenMode.ReadWrite);
        CatalogSchema.Migrate(writer, Path);
        return writer;
    });

    /// <summary>Closes it, before the lock is given back. Readers go on.</summary>
    public void CloseWriter()
    {
        lock (Gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    /// <summary>Makes an empty catalog: complete under another name first, so that a crash leaves no half-made one.</summary>
    public static void Create(string folder, Action<string> syncFolder)
    {
        string path = System.IO.Path.Combine(folder, FileName);
        string draft = path + ".new";
        foreach (string leftover in new[] { draft, draft + "-wal", draft + "-shm", draft + "-journal" })
        {
            File.Delete(leftover);
        }

        using (SqliteConnection connection = Connect(draft, SqliteOpenMode.ReadWriteCreate))
        {
            CatalogSchema.Migrate(connection, draft);
            connection.Execute("PRAGMA journal_mode = WAL");
        }

        using (FileStream file = new(draft, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        syncFolder(folder);
    }

    /// <summary>A connection inside a read transaction: everything read through it is of one generation.</summary>
    public SqliteConnection BeginRead()
    {
        SqliteConnection connection = Rent();
        connection.Execute("BEGIN");
        return connection;
    }

    public void EndRead(SqliteConnection connection)
    {
        connection.Execute("ROLLBACK");
        Return(connection);
    }

    /// <summary>Runs one reading function on a connection of its own.</summary>
    public T Read<T>(Func<SqliteConnection, T> read) => Guard(() =>
    {
        SqliteConnection connection = BeginRead();
        try
        {
            return read(connection);
        }
        finally
        {
            EndRead(connection);
        }
    });

    /// <summary>What SQLite's own check of database and full-text index finds; "ok" is left out.</summary>
    public IReadOnlyList<string> CheckIntegrity() => Guard(() =>
    {
        // A new connection: FTS5's check trusts what a connection remembers of the index from before the last commit, and would
        // call a sound index malformed. Searches are not concerned, a query renews that memory first.
        using SqliteConnection connection = Connect(Path, SqliteOpenMode.ReadOnly);
        return connection.ReadAll(row => row.GetString(0), "PRAGMA integrity_check").Where(line => line != "ok").ToList();
    });

    /// <summary>Runs <paramref name="write"/> in one transaction and returns once it is on the device.</summary>
    /// <exception cref="InvalidOperationException">The collection was opened read-only.</exception>
    /// <exception cref="CollectionLockedException">The lock had been given back and another process has it.</exception>
    public void Write(Action<SqliteConnection> write, Action? beforeCommit = null)
    {
        using IDisposable? held = _hold?.Invoke();
        lock (Gate)
        {
            Guard(() =>
            {
                Writer.Execute("BEGIN IMMEDIATE");
                try
                {
                    write(Writer);
                    beforeCommit?.Invoke();
                    Writer.Execute("COMMIT");
                }
                catch
                {
                    Rollback();
                    throw;
                }

                Checkpoint();
                return 0;
            });
        }
    }

    /// <summary>Turns SQLite's errors into <see cref="CatalogException"/>.</summary>
    public T Guard<T>(Func<T> action)
    {
        Guard(action, out T result);
        return result;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        while (_readers.TryTake(out SqliteConnection? reader))
        {
            reader.Dispose();
        }

        // The writer closes last: the last connection moves the log into the database and removes it.
        _writer?.Dispose();
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        SqliteConnectionStringBuilder builder = new() { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 };
        SqliteConnection connection = new(builder.ConnectionString);
        try
        {
            connection.Open();
            CatalogFunctions.AddTo(connection);
            connection.Execute(mode == SqliteOpenMode.ReadOnly
                ? $"{TextIndex.OpenTerms}; PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cache_size = -8192;"
                : "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = 0; PRAGMA cache_size = -32768;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Guard<T>(Func<T> action, out T result)
    {
        try
        {
            result = action();
        }
        catch (SqliteException exception)
        {
            throw new CatalogException(Path, exception.Message, exception);
        }
    }

    private SqliteConnection Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(Collection));
        return _readers.TryTake(out SqliteConnection? reader) ? reader : Connect(Path, SqliteOpenMode.ReadOnly);
    }

    private void Return(SqliteConnection connection)
    {
        if (_isDisposed)
        {
            connection.Dispose();
        }
        else
        {
            _readers.Add(connection);
        }
    }

    private void Rollback()
    {
        // SQLite has already rolled back by itself after some errors, a full disk among them.
        if (SQLitePCL.raw.sqlite3_get_autocommit(Writer.Handle) == 0)
        {
            Writer.Execute("ROLLBACK");
        }
    }

    // The transaction is durable in the log by now. A checkpoint that cannot run is made up for by a later one.
    private void Checkpoint()
    {
        try
        {
            if (new FileInfo(Path + "-wal") is { Exists: true } log && log.Length > CheckpointPages * 4096L)
            {
                Writer.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
        }
        catch (SqliteException)
        {
        }
    }
}
