using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Endpoints;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Gives the rows of texts and pictures as clients of vLLM ask for them.</summary>
internal static class PoolingEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/pooling", PoolAsync).WithMetadata(ReadRoute.Marker)
            .WithName("createPooling").WithSummary("Encodes texts and pictures into rows; also at /pooling.").WithTags("models")
            .Accepts<PoolingBody>("application/json").Produces<PoolingAnswer>().ProducesModelErrors();
        routes.MapPost("/pooling", PoolAsync).WithMetadata(ReadRoute.Marker).ExcludeFromDescription();
    }

    private static async Task<PoolingAnswer> PoolAsync(
        PoolingBody? given, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        PoolingBody body = ModelRequests.Required(given);
        ModelContract model = ModelRequests.FindModel(library, body.Model);
        bool isOne = IsOne(body, model);
        VectorFormat format = Parameters.Name<VectorFormat>("encoding_format", body.EncodingFormat) ?? VectorFormat.Float;
        if (format is not (VectorFormat.Float or VectorFormat.Base64))
        {
            throw RequestException.Invalid("encoding_format", $"encoding_format is '{body.EncodingFormat}'; here it is float or base64.");
        }

        IReadOnlyList<EncodeInput> inputs = new InputReader(options).ReadOneOf(
            ModelRequests.ReadRole("input_type", body.InputType), ("input", body.Input), ("messages", body.Messages));
        IReadOnlyList<EncodedInput> encoded = await library.EncodeAsync(
            ModelRequests.ToRequest(body, model, inputs, body.Dimensions, options), cancellationToken);
        return new PoolingAnswer(
            ModelRequests.NewId("pool"), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model.Name,
            [.. encoded.Select((input, index) => Write(index, input, isOne, format))],
            UsageBody.Of(encoded.Sum(input => input.TokenCount)))
        {
            Notices = ModelRequests.NoticesOf(encoded),
        };
    }

    private static bool IsOne(PoolingBody body, ModelContract model) => body.Task switch
    {
        null => false,
        "token_embed" => model.IsMultiVector ? false : throw RequestException.Invalid("task",
            $"task is token_embed; the model {model.Name} gives one vector for an input: ask for embed."),
        "embed" => !model.IsMultiVector ? true : throw RequestException.Invalid("task",
            $"task is embed; the model {model.Name} gives several rows for an input: ask for token_embed."),
        _ => throw RequestException.Invalid("task", $"task is '{body.Task}'; it must be one of token_embed, embed."),
    };

    private static PoolingData Write(int index, EncodedInput input, bool isOne, VectorFormat format)
    {
        if (format == VectorFormat.Base64)
        {
            return new PoolingData(index, VectorWriter.ToBase64(input.Rows)) { Shape = VectorWriter.ShapeOf(input.Rows) };
        }

        object[] rows = VectorWriter.WriteRows(input.Rows, format);
        return new PoolingData(index, isOne && rows.Length == 1 ? rows[0] : rows);
    }
}
