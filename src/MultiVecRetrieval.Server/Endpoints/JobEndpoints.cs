using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Tells how jobs get on, and stops them.</summary>
internal static class JobEndpoints
{
    // A stream that says nothing for long is cut by proxies.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/jobs", List)
            .WithName("listJobs").WithSummary("Lists the latest jobs, newest first.").WithTags("jobs")
            .ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapGet("/jobs/{id}", Get)
            .WithName("getJob").WithSummary("Gets a job with its progress or its report.").WithTags("jobs")
            .ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapGet("/jobs/{id}/events", Follow).WithMetadata(StreamRoute.Marker)
            .WithName("followJob")
            .WithSummary("Server-sent events: 'progress' at every change, then 'end'.")
            .WithDescription("Each event carries the whole job as JSON. After a broken connection, Last-Event-ID leaves out what is known.")
            .WithTags("jobs")
            .Produces<LibraryJob>(StatusCodes.Status200OK, "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        v1.MapPost("/jobs/{id}/cancel", Cancel)
            .WithName("cancelJob").WithSummary("Asks a job to stop; what it has finished is kept.").WithTags("jobs")
            .Produces<LibraryJob>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static ListBody<LibraryJob> List(string? collection, Library library) => new(library.Jobs.List(collection));

    private static LibraryJob Get(string id, Library library) =>
        library.Jobs.Find(id) ?? throw RequestException.NotFound("unknown-job", $"There is no job '{id}'.");

    private static Accepted<LibraryJob> Cancel(string id, Library library)
    {
        LibraryJob job = Get(id, library);
        return library.Jobs.Cancel(id)
            ? TypedResults.Accepted($"/v1/jobs/{id}", Get(id, library))
            : throw new RequestException(StatusCodes.Status409Conflict, "job-ended",
                $"The job ended before: {JsonNamingPolicy.CamelCase.ConvertName(job.State.ToString())}.");
    }

    private static IResult Follow(string id, HttpRequest request, Library library, EventStreamSlots slots)
    {
        Get(id, library);
        long known = long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : 0;

        // 204 tells an EventSource that came back to stop.
        return known > 0 && !library.Jobs.IsLive(id)
            ? TypedResults.NoContent()
            : TypedResults.ServerSentEvents(FollowAsync());

        IAsyncEnumerable<SseItem<LibraryJob>> FollowAsync()
        {
            slots.Hold(request.HttpContext);
            return ChangesAsync(library.Jobs, id, known, request.HttpContext.RequestAborted);
        }
    }

    private static async IAsyncEnumerable<SseItem<LibraryJob>> ChangesAsync(
        LibraryJobs jobs, string id, long known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (LibraryJob job in jobs.FollowAsync(id, known, KeepAlive, cancellationToken))
        {
            yield return new SseItem<LibraryJob>(job, job.HasEnded ? "end" : "progress")
            {
                EventId = job.Revision.ToString(CultureInfo.InvariantCulture),
            };
        }
    }
}
