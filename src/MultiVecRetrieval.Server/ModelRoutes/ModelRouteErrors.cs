using MultiVecRetrieval.Server.OpenAi;

namespace MultiVecRetrieval.Server.ModelRoutes;

/// <summary>Describes the errors of routes that run a model.</summary>
internal static class ModelRouteErrors
{
    public static RouteHandlerBuilder ProducesModelErrors(this RouteHandlerBuilder route) => route
        .Produces<OpenAiErrorBody>(StatusCodes.Status400BadRequest).Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound)
        .Produces<OpenAiErrorBody>(StatusCodes.Status413PayloadTooLarge)
        .Produces<OpenAiErrorBody>(StatusCodes.Status415UnsupportedMediaType).Produces<OpenAiErrorBody>(StatusCodes.Status502BadGateway);
}
