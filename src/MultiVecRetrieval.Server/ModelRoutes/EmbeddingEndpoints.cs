using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Endpoints;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Gives the vectors of texts, pictures and stored entries, as clients of OpenAI, Jina and Voyage ask for them.</summary>
internal static class EmbeddingEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/embeddings", EmbedAsync).WithMetadata(ReadRoute.Marker)
            .WithName("createEmbeddings").WithSummary("Encodes texts, pictures and stored entries by a model.").WithTags("models")
            .Accepts<EmbeddingsBody>("application/json").Produces<EmbeddingsAnswer>().ProducesModelErrors();
        routes.MapPost("/v1/multimodalembeddings", EmbedAsync).WithMetadata(ReadRoute.Marker).ExcludeFromDescription();
    }

    private static async Task<EmbeddingsAnswer> EmbedAsync(
        EmbeddingsBody? given, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        EmbeddingsBody body = ModelRequests.Required(given);
        ModelContract model = ModelRequests.FindModel(library, body.Model);
        bool isMulti = body.ReturnMultivector ?? false;
        Check(body, model, isMulti);
        VectorFormat format = ReadFormat(body);
        IReadOnlyList<EncodeInput> inputs = ReadInputs(body, options);
        int? dimension = ModelRequests.Same(("dimensions", body.Dimensions), ("output_dimension", body.OutputDimension)).Value;
        IReadOnlyList<EncodedInput> encoded = await library.EncodeAsync(
            ModelRequests.ToRequest(body, model, inputs, dimension, options), cancellationToken);
        return new EmbeddingsAnswer(
            [.. encoded.Select((input, index) => isMulti
                ? VectorWriter.WriteAll(index, input.Rows, format, body.ReturnPlaces ?? false)
                : VectorWriter.WriteOne(index, CheckOne(input, inputs[index], model), format))],
            model.Name,
            UsageBody.Of(encoded.Sum(input => input.TokenCount)))
        {
            Notices = ModelRequests.NoticesOf(encoded),
        };
    }

    private static void Check(EmbeddingsBody body, ModelContract model, bool isMulti)
    {
        if (model.IsMultiVector && !isMulti)
        {
            throw RequestException.Invalid("return_multivector",
                $"The model {model.Name} gives several rows for an input; ask for them with \"return_multivector\": true, or at /pooling.");
        }

        if (body.ReturnPlaces == true && !isMulti)
        {
            throw RequestException.Invalid("return_places", "return_places goes with \"return_multivector\": true.");
        }

        if (body.Normalized == false)
        {
            throw RequestException.Invalid("normalized", "normalized is false; models here give vectors of length 1, and their own length is not kept.");
        }

        if (body.LateChunking == true)
        {
            throw RequestException.Invalid("late_chunking", "late_chunking is true; every input is encoded by itself here.");
        }
    }

    private static IReadOnlyList<EncodeInput> ReadInputs(EmbeddingsBody body, ServerOptions options)
    {
        (string parameter, string? name) = ModelRequests.Same(("input_type", body.InputType), ("task", body.Task));
        return new InputReader(options).ReadOneOf(
            ModelRequests.ReadRole(parameter, name), ("input", body.Input), ("inputs", body.Inputs), ("messages", body.Messages));
    }

    private static VectorFormat ReadFormat(EmbeddingsBody body)
    {
        (string parameter, string? name) = ModelRequests.Same(
            ("encoding_format", body.EncodingFormat), ("embedding_type", body.EmbeddingType), ("output_dtype", body.OutputDtype),
            ("output_encoding", body.OutputEncoding));
        return Parameters.Name<VectorFormat>(parameter, name) ?? VectorFormat.Float;
    }

    /// <summary>The row of a model of one, which may still give none: for a text that holds nothing it knows.</summary>
    public static Numerics.MultiVector CheckOne(EncodedInput encoded, EncodeInput input, ModelContract model) =>
        encoded.Rows.RowCount == 1 ? encoded.Rows : throw RequestException.Invalid(input.Name, encoded.Rows.RowCount == 0
            ? $"{input.Name} holds nothing that the model {model.Name} can read."
            : $"{input.Name} has {encoded.Rows.RowCount} rows; ask for them with \"return_multivector\": true.");
}
