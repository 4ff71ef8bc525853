using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Endpoints;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Gives vectors as clients of Cohere's second API ask for them.</summary>
internal static class EmbedEndpoints
{
    private const int MaxFormats = 5;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/embed", EmbedAsync).WithMetadata(ReadRoute.Marker)
            .WithName("embed").WithSummary("Encodes texts and pictures by a model, in the form of Cohere's second API.").WithTags("models")
            .Accepts<EmbedBody>("application/json").Produces<EmbedAnswer>().ProducesModelErrors();

    private static async Task<EmbedAnswer> EmbedAsync(
        EmbedBody? given, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        EmbedBody body = given ?? throw RequestException.Invalid("$", "The body is null; an object was expected.");
        ModelContract model = ModelRequests.FindModel(library, body.Model);
        if (model.IsMultiVector)
        {
            throw RequestException.Invalid(
                "model", $"The model {model.Name} gives several rows for an input, which this form has no place for; ask /v1/embeddings or /pooling.");
        }

        VectorFormat[] formats = ReadFormats(body.EmbeddingTypes ?? ["float"]);
        IReadOnlyList<EncodeInput> inputs = ReadInputs(body, options);
        IReadOnlyList<EncodedInput> encoded = await library.EncodeAsync(
            new EncodeRequest
            {
                Model = model.Name,
                Inputs = inputs,
                Dimension = body.OutputDimension,
                Truncates = ReadTruncation(body.Truncate),
            },
            cancellationToken);
        return new EmbedAnswer(
            ModelRequests.NewId("embed"),
            formats.ToDictionary(
                format => format.ToString().ToLowerInvariant(),
                format => (IReadOnlyList<object>)
                [
                    .. encoded.Select((input, index) => VectorWriter.WriteOne(
                        index, EmbeddingEndpoints.CheckOne(input, inputs[index], model), format).Embedding!),
                ]),
            body.Texts,
            new RerankMeta(new RerankMeta.TokensBody(encoded.Sum(input => input.TokenCount))));
    }

    private static IReadOnlyList<EncodeInput> ReadInputs(EmbedBody body, ServerOptions options)
    {
        ModelRequests.ExactlyOne(("texts", body.Texts), ("images", body.Images), ("inputs", body.Inputs));
        InputReader reader = new(options);
        if (body.Images is { } images)
        {
            return reader.ReadImages("images", images);
        }

        TextRole role = body.InputType == "image" ? TextRole.Passage : ModelRequests.ReadRole("input_type", body.InputType);
        return reader.ReadOneOf(role, ("texts", body.Texts), ("inputs", body.Inputs));
    }

    private static VectorFormat[] ReadFormats(IReadOnlyList<string> names) => names.Count is 0 or > MaxFormats
        ? throw RequestException.Invalid("embedding_types", $"embedding_types has {names.Count} items; it takes 1 to {MaxFormats}.")
        : [.. names.Select((name, i) => Parameters.Name<VectorFormat>($"embedding_types[{i}]", name ?? "")!.Value).Distinct()];

    private static bool ReadTruncation(string? name) => name switch
    {
        null or "END" => true,
        "NONE" => false,
        _ => throw RequestException.Invalid("truncate", $"truncate is '{name}'; it is END or NONE: models here read beginnings."),
    };
}
