using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>What can be said of a collection as a whole. A request that is given up stops its report.</summary>
internal static class ReportEndpoints
{
    private const int StandardLimit = 100;

    public static void Map(IEndpointRouteBuilder collections)
    {
        RouteGroupBuilder reports = collections.MapGroup("/reports");
        reports.MapGet("/duplicates", GetDuplicatesAsync)
            .WithName("reportDuplicates")
            .WithSummary("Exact copies, near duplicates and segments that videos share, and which of them to keep.")
            .WithDescription("Takes minutes for a hundred thousand entries; exactOnly=true takes no time.").WithTags("reports")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/segments", GetSegmentsAsync)
            .WithName("reportSegments").WithSummary("The segments that two videos share.").WithTags("reports")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/alignment", GetAlignmentAsync)
            .WithName("reportAlignment").WithSummary("Captions that do not fit their pictures, worst first.").WithTags("reports")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/drift", GetDriftAsync)
            .WithName("reportDrift").WithSummary("What JPEG and scaling do to the vectors of pictures.").WithTags("reports")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<DuplicateReport> GetDuplicatesAsync(
        string collection, string? filter, int? limit, bool? exactOnly, double? similarity, Library library, ServerOptions options,
        CancellationToken cancellationToken)
    {
        if (similarity is { } least && !(least is > 0 and <= 1))
        {
            throw RequestException.Invalid("similarity", $"similarity is {least}; it is above 0 and at most 1.");
        }

        return library.Reports.FindDuplicatesAsync(
            collection,
            new DuplicateRequest
            {
                Filter = Parameters.ParseFilter(filter, options),
                Limit = Parameters.Limit("limit", limit, StandardLimit, options),
                NearDuplicates = exactOnly != true,
                Segments = exactOnly != true,
                MinSimilarity = similarity,
            },
            progress: null,
            cancellationToken);
    }

    private static async Task<SegmentsBody> GetSegmentsAsync(
        string collection, string? key, string? other, Library library, CancellationToken cancellationToken)
    {
        Collection store = library.GetCollection(collection);
        return new SegmentsBody(await library.Reports.FindCopiedSegmentsAsync(
            collection, DocumentEndpoints.FindEntry(store, key).Key,
            DocumentEndpoints.FindEntry(store, Parameters.Required("other", other)).Key, cancellationToken));
    }

    private static Task<AlignmentReport> GetAlignmentAsync(
        string collection, string? filter, int? limit, Library library, ServerOptions options, CancellationToken cancellationToken) =>
        library.Reports.CompareCaptionsAsync(
            collection,
            new AlignmentRequest
            {
                Filter = Parameters.ParseFilter(filter, options),
                Limit = Parameters.Limit("limit", limit, StandardLimit, options),
            },
            progress: null,
            cancellationToken);

    private static Task<RecompressionReport> GetDriftAsync(
        string collection, string? filter, int? sample, Library library, ServerOptions options, CancellationToken cancellationToken) =>
        library.Reports.MeasureRecompressionAsync(
            collection,
            new RecompressionRequest
            {
                Filter = Parameters.ParseFilter(filter, options),
                SampleSize = Parameters.Limit("sample", sample, StandardLimit / 2, options),
            },
            progress: null,
            cancellationToken);
}
