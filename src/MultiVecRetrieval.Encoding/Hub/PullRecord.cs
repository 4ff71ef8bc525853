using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>The file <c>pulled.json</c> of a model folder: where it came from, and the checksum of each file.</summary>
internal sealed record PullRecord(string Repository, string Commit, string? Graph, IReadOnlyList<HubFile> Files)
{
    public const string FileName = "pulled.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>The record of a folder; null when it has none that can be read.</summary>
    public static PullRecord? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<PullRecord>(File.ReadAllText(path), Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>True when every file is there in its size.</summary>
    public bool IsWhole(string folder) => Files.All(file =>
        new FileInfo(Path.Combine(folder, file.Path)) is { Exists: true } found && found.Length == file.Size);
}
