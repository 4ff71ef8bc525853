using MultiVecRetrieval.Server.ModelRoutes.Bodies;
using MultiVecRetrieval.Server.OpenAi;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Lists the models, as OpenAI's clients read it and with what else is known.</summary>
internal static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List)
            .WithName("listModels").WithSummary("Lists the model folders, and why one cannot be used.").WithTags("models");
        routes.MapGet("/v1/models/{id}", Get)
            .WithName("getModel").WithSummary("Describes a model.").WithTags("models")
            .Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
    }

    private static ModelsAnswer List(Library library) => new([.. library.ListModels().Select(ModelBody.From)]);

    private static ModelBody Get(string id, Library library) =>
        library.ListModels().FirstOrDefault(model => model.Name == id) is { } model
            ? ModelBody.From(model)
            : throw new RequestException(
                StatusCodes.Status404NotFound, "model-not-found", $"The model '{id}' does not exist here; GET /v1/models lists the models.");
}
