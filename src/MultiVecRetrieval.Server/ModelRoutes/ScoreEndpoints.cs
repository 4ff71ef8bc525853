using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Compares queries with documents, as clients of vLLM ask for it.</summary>
internal static class ScoreEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/score", ScoreAsync).WithMetadata(ReadRoute.Marker)
            .WithName("createScore").WithSummary("Compares queries with documents by a model; also at /score.").WithTags("models")
            .Accepts<ScoreBody>("application/json").Produces<ScoreAnswer>().ProducesModelErrors();
        routes.MapPost("/score", ScoreAsync).WithMetadata(ReadRoute.Marker).ExcludeFromDescription();
    }

    private static async Task<ScoreAnswer> ScoreAsync(
        ScoreBody? given, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        ScoreBody body = ModelRequests.Required(given);
        string model = ModelRequests.FindScorer(library, body.Model);
        InputReader reader = new(options);
        ScoreRequest request = new()
        {
            Model = model,
            Queries = Read(
                reader, TextRole.Query, ("queries", body.Queries), ("text_1", body.Text1), ("data_1", body.Data1)),
            Documents = Read(
                reader, TextRole.Passage, ("documents", body.Documents), ("text_2", body.Text2), ("data_2", body.Data2)),
            Truncates = body.Truncates(options),
        };
        ScoreReport report = await library.ScoreAsync(request, cancellationToken);
        return new ScoreAnswer(
            ModelRequests.NewId("score"), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model,
            [.. report.Scores.Select((score, index) => new ScoreData(index, score.Score))], UsageBody.Of(report.TokenCount))
        {
            Notices = ModelRequests.NullIfEmpty(report.Notices),
        };
    }

    private static IReadOnlyList<EncodeInput> Read(InputReader reader, TextRole role, params (string Name, JsonElement? Value)[] names)
    {
        JsonElement value = ModelRequests.ExactlyOne(names);
        return reader.ReadList(Array.Find(names, entry => entry.Value is not null).Name, value, role);
    }
}
