namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>What a document was converted to; gone once this is disposed, unless it lies in a cache.</summary>
/// <param name="path">Absolute path.</param>
/// <param name="folder">The folder that goes with it; null for a file that stays.</param>
internal sealed class ConvertedFile(string path, DirectoryInfo? folder) : IDisposable
{
    public string Path => path;

    public void Dispose()
    {
        if (folder is not null && Directory.Exists(folder.FullName))
        {
            folder.Delete(recursive: true);
        }
    }
}
