using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Models that can be fetched by a short name. A repository that is not here can be fetched by its own.</summary>
public static class ModelCatalog
{
    private const string ResourceName = "model-catalog.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CatalogModel> Models { get; } = Read();

    /// <summary>The model of a name; null when there is none.</summary>
    public static CatalogModel? Find(string name) =>
        Models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static List<CatalogModel> Read()
    {
        using Stream stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream(ResourceName)!;
        return [.. JsonNode.Parse(stream)!.AsArray().Select(node => node!.Deserialize<CatalogModel>(Json)! with
        {
            Encoder = node!["encoder"]?.DeepClone().AsObject(),
        })];
    }
}
