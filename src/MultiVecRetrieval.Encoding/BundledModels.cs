namespace MultiVecRetrieval.Encoding;

/// <summary>The models that come with the product; the build copies them beside the programs.</summary>
public static class BundledModels
{
    /// <summary>Name of the model that finds pages, photos and frames by the words visible in them.</summary>
    public const string Default = "page-words";

    /// <summary>Name of the sentence encoder that finds text by its meaning (English).</summary>
    public const string Sentences = "minilm";

    /// <summary>Name of the model that finds photographs by the kinds of things in them (English).</summary>
    public const string Photos = "photos";

    /// <summary>Name of the model that finds photographs by another one.</summary>
    public const string PhotosAlike = "photos-alike";

    /// <summary>The models of a new collection.</summary>
    public static IReadOnlyList<string> DefaultNames { get; } = [Default, Sentences, Photos, PhotosAlike];

    /// <summary>The folder that holds the bundled model folders: <c>models</c> beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The folder of the default model.</summary>
    public static string DefaultFolder => Path.Combine(Folder, Default);
}
