using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval;

/// <summary>Names that stand for several models, for <c>--model</c> and everywhere else where a model is named.</summary>
public static class ModelProfiles
{
    /// <summary>What a collection gets when nobody says anything: words that are seen, the meaning of text, what photographs
    /// show.</summary>
    public const string Default = "default";

    /// <summary>Words that are seen, and full text: smallest and fastest.</summary>
    public const string WordsOnly = "words-only";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Default, WordsOnly];

    /// <summary>The models that names mean; a name that is no profile is a model's.</summary>
    internal static IEnumerable<string> Expand(IEnumerable<string> names) => names.SelectMany(name => name switch
    {
        Default => BundledModels.DefaultNames,
        WordsOnly => [BundledModels.Default],
        _ => [name],
    });
}
