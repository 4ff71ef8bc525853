namespace MultiVecRetrieval.Generations;

/// <summary>A file that the catalog lists, opened once and shared by every state that lists it; <see cref="SegmentPool"/> counts its
/// users.</summary>
internal abstract class SharedFile(string path)
{
    public string Path { get; } = path;

    /// <summary>Counted under the lock of <see cref="SegmentPool"/>.</summary>
    public int ReferenceCount { get; set; }

    /// <summary>The catalog no longer lists it: it goes with its last user.</summary>
    public bool IsDropped { get; set; }

    /// <summary>False when it could not be opened, so that another try may do better.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Gives back what opening it took.</summary>
    public abstract void Close();
}
