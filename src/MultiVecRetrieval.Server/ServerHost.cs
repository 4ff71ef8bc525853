using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Endpoints;
using MultiVecRetrieval.Server.ModelRoutes;
using MultiVecRetrieval.Server.OpenAi;
using MultiVecRetrieval.Server.Page;
using MultiVecRetrieval.Server.Qdrant;
using MultiVecRetrieval.Server.Watching;

namespace MultiVecRetrieval.Server;

/// <summary>Builds the HTTP server; <c>mvr serve</c> and the tests call it.</summary>
public static class ServerHost
{
    /// <summary>
    /// Maps every endpoint and the page onto a web application over a library that it opens and closes, with options from
    /// appsettings.json, MVR_SERVER__* environment variables and <paramref name="args"/> of the form <c>--server:NAME=VALUE</c>.
    /// </summary>
    /// <exception cref="ServerOptionsException">An option cannot be used; it is named.</exception>
    public static WebApplication Build(string[] args, LibraryOptions library)
    {
        ArgumentNullException.ThrowIfNull(library);
        return Build(ServerOptionsReader.Read(args), services => services.AddMultiVecRetrieval(_ => library));
    }

    /// <summary>The same with <paramref name="options"/> as they are, over a library that the caller closes.</summary>
    /// <exception cref="ServerOptionsException">An option cannot be used; it is named.</exception>
    public static WebApplication Build(ServerOptions options, Library library)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(library);
        return Build(options, services => services.AddSingleton(library));
    }

    private static WebApplication Build(ServerOptions options, Action<IServiceCollection> addLibrary)
    {
        ServerOptions checkedOptions = ServerOptionsReader.Check(options);

        // The empty builder reads no configuration of its own and listens to no variable but ours.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listening.Configure(kestrel, checkedOptions);
        });
        if (checkedOptions.Certificate is null)
        {
            builder.WebHost.UseUrls(checkedOptions.Urls);
        }

        AddLogging(builder.Logging, checkedOptions);
        addLibrary(builder.Services);
        AddServices(builder.Services, checkedOptions);
        Telemetry.Add(builder);
        WebApplication app = builder.Build();
        MapAll(app);
        return app;
    }

    private static void AddLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.AddFilter((category, level) => level >= (category?.StartsWith("MultiVecRetrieval", StringComparison.Ordinal) == true
            ? LogLevel.Information : LogLevel.Warning));

        // The exception handler logs what is worth it; the framework would log every refused request as an error.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);

        // What a client asks wrongly is answered, and no failure of the server; tools log their own.
        logging.AddFilter("ModelContextProtocol", LogLevel.None);
        if (options.JsonLogs)
        {
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        // Standard output belongs to whoever runs the tool.
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<EventStreamSlots>();
        services.AddSingleton<AccessKeys>();
        services.AddSingleton<PointIds>();
        RequestLimits.Add(services, options);
        services.AddSingleton<WatchStates>();
        services.AddHostedService<JobHost>();
        services.AddHostedService<WatchHost>();
        ServiceNotifier.Add(services);
        services.AddRouting();
        services.AddExceptionHandler<ProblemMapping>();
        services.AddSingleton<ProblemMapping>();
        services.AddProblemDetails();
        services.AddOpenApi("v1", OpenApiDocument.Configure);
        McpEndpoint.AddServices(services);
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.AddSingleton(provider =>
            provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = options.MaxRequestBytes);
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    // A name becomes a folder, so it is checked before any handler sees it.
    private static ValueTask<object?> CheckCollectionName(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Parameters.CheckCollectionName((string)context.HttpContext.GetRouteValue("collection")!);
        return next(context);
    }

    private static void MapAll(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(
            context => ProblemMapping.WriteAsync(context.HttpContext, ProblemMapping.OfStatus(context.HttpContext)));
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return next(context);
        });
        app.UseRouting();
        app.UseMiddleware<AccessGuard>();
        app.UseRateLimiter();
        app.UseWhen(
            context => context.Request.Path.Equals(McpEndpoint.Path, StringComparison.Ordinal), mcp => mcp.Use(McpEndpoint.CheckBodyAsync));
        RouteGroupBuilder v1 = app.MapGroup("/v1");
        v1.AddEndpointFilterFactory(QueryNames.Check);
        RouteGroupBuilder collections = v1.MapGroup("/collections/{collection}");
        collections.AddEndpointFilter(CheckCollectionName);
        HealthEndpoints.Map(app);
        Telemetry.Map(app);
        SessionEndpoints.Map(app);
        CollectionEndpoints.Map(v1);
        DocumentEndpoints.Map(collections);
        SearchEndpoints.Map(collections);
        AnswerEndpoints.Map(collections);
        HeatMapEndpoints.Map(collections);
        ReportEndpoints.Map(collections);
        RecordEndpoints.Map(collections);
        MediaEndpoints.Map(collections);
        IndexEndpoints.Map(collections);
        TierEndpoints.Map(collections);
        SpaceEndpoints.Map(collections);
        AttributeEndpoints.Map(collections);
        JobEndpoints.Map(v1);
        CollectionRoutes.Map(app);
        PointRoutes.Map(app);
        QueryRoutes.Map(app);
        McpEndpoint.Map(app);
        RouteGroupBuilder openAi = app.MapGroup("").WithMetadata(OpenAiRoute.Marker);
        openAi.AddEndpointFilterFactory(QueryNames.Check);
        openAi.AddEndpointFilter(JsonTexts.CheckArguments);
        ModelEndpoints.Map(openAi);
        EmbeddingEndpoints.Map(openAi);
        EmbedEndpoints.Map(openAi);
        PoolingEndpoints.Map(openAi);
        ScoreEndpoints.Map(openAi);
        RerankEndpoints.Map(openAi);
        FileRoutes.Map(openAi);
        VectorStoreRoutes.Map(openAi);
        VectorStoreFileRoutes.Map(openAi);
        app.MapOpenApi("/openapi/{documentName}.json").ExcludeFromDescription();
        PageFiles.Map(app);
    }
}
