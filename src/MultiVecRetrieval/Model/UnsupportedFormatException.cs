namespace MultiVecRetrieval;

/// <summary>A file was written by a later version.</summary>
/// <param name="path">The file.</param>
/// <param name="found">Its format version.</param>
/// <param name="supported">The highest version that this build reads.</param>
public sealed class UnsupportedFormatException(string path, int found, int supported)
    : Exception($"{path} has format version {found}; this build reads up to {supported}.")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Its format version.</summary>
    public int Found { get; } = found;

    /// <summary>The highest version that this build reads.</summary>
    public int Supported { get; } = supported;
}
