namespace MultiVecRetrieval.Libraries.Files;

/// <summary>Keeps which files were put into a collection together, for clients that ask after a restart. The oldest give way.</summary>
internal sealed class BatchStore(string dataFolder)
{
    private const int MaxCount = 1_000;
    private const int MaxIdLength = 64;
    private const string Extension = ".json";

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataFolder), FileStore.FolderName, "batches");

    public void Save(FileBatch batch)
    {
        Directory.CreateDirectory(_folder);
        JsonFile.Save(PathOf(batch.Id), batch);

        // Ids are in the order of time.
        string[] all = [.. Directory.EnumerateFiles(_folder, $"*{Extension}").Order(StringComparer.Ordinal)];
        foreach (string oldest in all.Take(Math.Max(0, all.Length - MaxCount)))
        {
            File.Delete(oldest);
        }
    }

    public FileBatch? Find(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? JsonFile.Find<FileBatch>(PathOf(id))
            : null;

    private string PathOf(string id) => Path.Combine(_folder, id + Extension);
}
