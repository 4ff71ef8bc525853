using System.Text.Json.Nodes;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Eval.Photos;

/// <summary>Model folders that read the bundled graphs in another way, for comparison.</summary>
internal sealed class ModelVariants : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mvr-photos-").FullName;

    /// <summary>Words to picture by the whole picture alone, without patches.</summary>
    public string WholeAlone() => Write("photos", "whole", description =>
    {
        description["vision"]!["output"] = "image_embeds";
        description["vision"]!.AsObject().Remove("pooling");
        description["vision"]!.AsObject().Remove("keepsLength");
    });

    /// <summary>The photo model with tags down to a probability.</summary>
    public string WithTagsFrom(double threshold) => Write("photos", "tags", description =>
        description["vision"]!["tags"]!["threshold"] = threshold);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string model, string name, Action<JsonObject> change)
    {
        string source = Path.Combine(BundledModels.Folder, model);
        string target = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        JsonObject description = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "encoder.json")))!.AsObject();
        foreach ((string side, string key) in (ReadOnlySpan<(string, string)>)
            [("vision", "graph"), ("text", "graph"), ("text", "tokenizerFolder"), ("text", "head")])
        {
            JsonNode? node = description[side];
            if (node?[key]?.GetValue<string>() is { } relative)
            {
                node[key] = Path.GetFullPath(Path.Combine(source, relative));
            }
        }

        change(description);
        File.WriteAllText(Path.Combine(target, "encoder.json"), description.ToJsonString());
        foreach (string file in (string[])["preprocessor_config.json", "tags.json"])
        {
            File.Copy(Path.Combine(source, file), Path.Combine(target, file));
        }

        return target;
    }
}
