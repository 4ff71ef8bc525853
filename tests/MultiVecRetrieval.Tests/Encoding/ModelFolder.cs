using System.Text.Json;

namespace MultiVecRetrieval.Tests.Encoding;

/// <summary>A temporary model folder with the files a test needs; deleted on dispose.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mvr-model-").FullName;

    /// <summary>Writes one file per property of a JSON object: objects as JSON, texts as they are.</summary>
    public static ModelFolder Create(string filesAsJson)
    {
        ModelFolder folder = new();
        using JsonDocument document = JsonDocument.Parse(filesAsJson);
        foreach (JsonProperty file in document.RootElement.EnumerateObject())
        {
            folder.Write(file.Name, file.Value.ValueKind == JsonValueKind.String ? file.Value.GetString()! : file.Value.GetRawText());
        }

        return folder;
    }

    public ModelFolder Write(string name, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
