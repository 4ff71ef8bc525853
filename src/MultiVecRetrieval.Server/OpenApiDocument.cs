using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MultiVecRetrieval.Server;

/// <summary>What the OpenAPI document says beside what the endpoints say themselves.</summary>
internal static class OpenApiDocument
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "MultiVecRetrieval",
                Version = "1",
                Description = "Finds pages, pictures and moments. Keys of documents and entries contain '/' and '#': they travel in the "
                    + "query parameter 'key', percent-encoded. Errors are application/problem+json; of routes under the tags models, files and "
                    + "vector stores, which clients of OpenAI's API call, they have the form of that API, as bodies and answers of the last two have.",
            };

            // The address it was asked at is no part of the description.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
            document.Components.SecuritySchemes["apiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "api-key",
            };
            return Task.CompletedTask;
        });
    }
}
