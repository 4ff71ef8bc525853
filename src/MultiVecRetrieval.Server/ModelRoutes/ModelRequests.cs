using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>What the routes of models have in common: which model, which side, which form.</summary>
internal static class ModelRequests
{
    private static readonly string[] QueryNames = ["query", "search_query", "retrieval.query"];
    private static readonly string[] DocumentNames = ["document", "search_document", "retrieval.passage"];

    /// <summary>The body, which must be there.</summary>
    public static T Required<T>(T? body)
        where T : ModelRequestBody =>
        body ?? throw RequestException.Invalid("$", "The body is null; an object was expected.");

    /// <summary>What the model of a request offers. Only names are taken: a path would let a caller make the server read any
    /// folder.</summary>
    public static ModelContract FindModel(Library library, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw RequestException.Invalid("model", "model is missing; GET /v1/models lists the names.");
        }

        FoundModel[] models = [.. library.ListModels().Where(model => model.Name == name)];
        return models.FirstOrDefault(model => model.Problem is null)?.Contract ?? throw new RequestException(
            StatusCodes.Status404NotFound, "model-not-found",
            $"The model '{name}' {(models.Length == 0 ? "does not exist here" : models.Any(model => model.Reranker is not null) ? "is a reranker and encodes nothing" : "cannot be used")}; GET /v1/models lists the models.")
        { Parameter = "model" };
    }

    /// <summary>The model of a request that compares, an encoder or a reranker, by its name. Only names are taken, as of
    /// <see cref="FindModel"/>.</summary>
    public static string FindScorer(Library library, string? name) =>
        library.ListModels().Any(model => model.Name == name && model.Reranker is not null) ? name! : FindModel(library, name).Name;

    /// <summary>The side of the texts by what clients call it; a document where nothing is said.</summary>
    public static TextRole ReadRole(string parameter, string? name) => name switch
    {
        null => TextRole.Passage,
        _ when QueryNames.Contains(name) => TextRole.Query,
        _ when DocumentNames.Contains(name) => TextRole.Passage,
        _ => throw RequestException.Invalid(parameter,
            $"{parameter} is '{name}'; it must be one of {string.Join(", ", QueryNames)}, {string.Join(", ", DocumentNames)}."),
    };

    /// <summary>The value of the first name that has one.</summary>
    /// <exception cref="RequestException">Two names have different values.</exception>
    public static (string Name, T? Value) Same<T>(params (string Name, T? Value)[] names)
    {
        (string Name, T? Value) first = Array.Find(names, entry => entry.Value is not null);
        (string Name, T? Value) other = Array.Find(
            names, entry => entry.Value is not null && !EqualityComparer<T?>.Default.Equals(entry.Value, first.Value));
        return other.Name is null
            ? first.Name is null ? names[0] : first
            : throw RequestException.Invalid(other.Name, $"{first.Name} is '{first.Value}' and {other.Name} is '{other.Value}'; send one of them.");
    }

    /// <summary>Reads the one of several members that is there.</summary>
    public static T ExactlyOne<T>(params (string Name, T? Value)[] names)
        where T : struct
    {
        (string Name, T? Value)[] given = [.. names.Where(entry => entry.Value is not null)];
        string list = string.Join(", ", names.Select(entry => entry.Name));
        return given.Length == 1
            ? given[0].Value!.Value
            : throw RequestException.Invalid(
                given.Length == 0 ? names[0].Name : given[1].Name,
                names.Length == 1 ? $"{list} is missing." : $"Send exactly one of {list}; {given.Length} came.");
    }

    /// <summary>What the library is asked to encode for a request.</summary>
    public static EncodeRequest ToRequest(
        ModelRequestBody body, ModelContract model, IReadOnlyList<EncodeInput> inputs, int? dimension, ServerOptions options) => new()
        {
            Model = model.Name,
            Inputs = inputs,
            Dimension = dimension,
            Truncates = body.Truncates(options),
        };

    /// <summary>The notices of all inputs, or null when there are none.</summary>
    public static IReadOnlyList<string>? NoticesOf(IReadOnlyList<EncodedInput> encoded) =>
        NullIfEmpty([.. encoded.SelectMany(input => input.Notices)]);

    /// <summary>A name of an answer.</summary>
    public static string NewId(string kind) => $"{kind}-{Guid.NewGuid():N}";

    /// <summary>The notices, or null when there are none.</summary>
    public static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> notices) => notices.Count > 0 ? notices : null;
}
