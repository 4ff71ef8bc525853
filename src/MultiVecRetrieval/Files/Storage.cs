namespace MultiVecRetrieval.Files;

/// <summary>The file operations on which durability rests, in one place so that tests can make each of them fail.</summary>
internal class Storage
{
    /// <summary>The operating system's files.</summary>
    public static Storage System { get; } = new();

    /// <summary>Creates a file that must not exist yet.</summary>
    public virtual FileStream Create(string path) =>
        new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);

    public virtual void Write(FileStream file, ReadOnlySpan<byte> bytes) => file.Write(bytes);

    /// <summary>Returns once the bytes of the file are on the device (fsync).</summary>
    public virtual void Sync(FileStream file) => file.Flush(flushToDisk: true);

    /// <summary>Returns once the names in the folder are on the device.</summary>
    public virtual void SyncFolder(string folder) => FolderSync.Sync(folder);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Called inside the catalog transaction, right before its COMMIT.</summary>
    public virtual void BeforeCommit()
    {
    }
}
