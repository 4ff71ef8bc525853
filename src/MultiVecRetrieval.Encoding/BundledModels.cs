namespace MultiVecRetrieval.Encoding;

/// <summary>The models that come with the product; the build copies them beside the programs.</summary>
public static class BundledModels
{
    /// <summary>Name of the model that finds pages, photos and frames by the words visible in them.</summary>
    public const string Default = "page-words";

    /// <summary>Name of the sentence encoder that finds text by its meaning (English).</summary>
    public const string Sentences = "minilm";

    /// <summary>The models of a new collection, in the order of its spaces.</summary>
    public static IReadOnlyList<string> DefaultNames { get; } = [Default, Sentences];

    /// <summary>The folder that holds the bundled model folders: <c>models</c> beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The folder of the default model.</summary>
    public static string DefaultFolder => Path.Combine(Folder, Default);
}
