using System.Security.Cryptography;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Uploads;

namespace MultiVecRetrieval.Libraries.Files;

/// <summary>Keeps files that belong to no collection yet, each in a folder of its own below <c>.files</c> of the data folder, which is no
/// name of a collection.</summary>
internal sealed class FileStore(string dataFolder)
{
    /// <summary>The folder of the data folder in which everything lies that belongs to no collection yet.</summary>
    public const string FolderName = ".files";

    private const string AboutName = "file.json";
    private const string Prefix = "file-";
    private const int DigitCount = 32;

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataFolder), FolderName);

    public async Task<StoredFile> StoreAsync(string fileName, Stream content, MediaLimits limits, CancellationToken cancellationToken)
    {
        string id = Prefix + Guid.CreateVersion7().ToString("n");
        string folder = Path.Combine(_folder, id);
        try
        {
            string path = await UploadStore.StoreAsync(folder, fileName, content, limits, cancellationToken).ConfigureAwait(false);
            StoredFile file = new()
            {
                Id = id,
                FileName = Path.GetFileName(path),
                SizeInBytes = new FileInfo(path).Length,
                CreatedAt = DateTimeOffset.UtcNow,
                Path = path,
                IsHeld = true,
            };
            Save(file);
            return file;
        }
        catch
        {
            Delete(id);
            throw;
        }
    }

    public void Save(StoredFile file) =>
        JsonFile.Save(Path.Combine(_folder, file.Id, AboutName), file);

    public StoredFile? Find(string id)
    {
        // The data folder may have been moved since.
        return IsId(id) && JsonFile.Find<StoredFile>(Path.Combine(_folder, id, AboutName)) is { } file
            ? file with { Path = Path.Combine(UploadStore.FolderOf(Path.Combine(_folder, id)), file.FileName) }
            : null;
    }

    public IReadOnlyList<StoredFile> List() => !Directory.Exists(_folder) ? []
        : [.. Directory.EnumerateDirectories(_folder).Select(folder => Find(Path.GetFileName(folder))).OfType<StoredFile>()];

    public void Delete(string id)
    {
        string folder = Path.Combine(_folder, id);
        if (IsId(id) && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The id of a file by its absolute path: of one that is kept here its own, of any other one made of the path.</summary>
    public static string IdOf(string path)
    {
        string? holder = Path.GetDirectoryName(Path.GetDirectoryName(path));
        return holder is not null && IsId(Path.GetFileName(holder)) && Path.GetFileName(Path.GetDirectoryName(holder)) == FolderName
            ? Path.GetFileName(holder)
            : Prefix + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))[..DigitCount];
    }

    private static bool IsId(string id) => id.Length == Prefix.Length + DigitCount && id.StartsWith(Prefix, StringComparison.Ordinal)
        && id.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);
}
