using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.ModelRoutes.Bodies;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Orders documents by how well they answer a query, as clients of Cohere and Jina ask for it.</summary>
internal static class RerankEndpoints
{
    private static readonly string[] Aliases = ["/rerank", "/v2/rerank"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/rerank", RerankAsync).WithMetadata(ReadRoute.Marker)
            .WithName("rerank").WithSummary("Orders documents by how well they answer a query; also at /rerank and /v2/rerank.")
            .WithTags("models")
            .Accepts<RerankBody>("application/json").Produces<RerankAnswer>().ProducesModelErrors();
        foreach (string alias in Aliases)
        {
            routes.MapPost(alias, RerankAsync).WithMetadata(ReadRoute.Marker).ExcludeFromDescription();
        }
    }

    private static async Task<RerankAnswer> RerankAsync(
        RerankBody? given, Library library, ServerOptions options, CancellationToken cancellationToken)
    {
        RerankBody body = ModelRequests.Required(given);
        string model = ModelRequests.FindScorer(library, body.Model);
        if (body.TopN < 0)
        {
            throw RequestException.Invalid("top_n", $"top_n is {body.TopN}; it must be at least 1, or 0 for all.");
        }

        JsonElement documents = ModelRequests.ExactlyOne(("documents", body.Documents));
        if (documents.ValueKind != JsonValueKind.Array)
        {
            throw RequestException.Invalid("documents", "documents is no list.");
        }

        InputReader reader = new(options);
        ScoreRequest request = new()
        {
            Model = model,
            Queries = [reader.ReadOne("query", ModelRequests.ExactlyOne(("query", body.Query)), TextRole.Query)],
            Documents = reader.ReadList("documents", documents, TextRole.Passage),
            Truncates = body.Truncates(options),
        };
        ScoreReport report = await library.ScoreAsync(request, cancellationToken);
        int count = body.TopN is null or 0 ? report.Scores.Count : body.TopN.Value;
        return new RerankAnswer(
            ModelRequests.NewId("rerank"), model,
            [.. report.Scores.Select((score, index) => (Index: index, Score: score))
                .OrderByDescending(document => document.Score.Score).ThenBy(document => document.Index).Take(count)
                .Select(document => new RerankResult(document.Index, document.Score.Relevance)
                {
                    Document = body.ReturnDocuments == true ? Repeat(documents[document.Index]) : null,
                })],
            UsageBody.Of(report.TokenCount), new RerankMeta(new RerankMeta.TokensBody(report.TokenCount)))
        {
            Notices = ModelRequests.NullIfEmpty(report.Notices),
        };
    }

    private static object Repeat(JsonElement document) =>
        document.ValueKind == JsonValueKind.String ? new Dictionary<string, string> { ["text"] = document.GetString()! } : document;
}
