using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Bodies;
using MultiVecRetrieval.Server.Jobs;

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
        v1.MapGet("/jobs/{id}", (string id, JobQueue jobs) => jobs.Get(id))
            .WithName("getJob").WithSummary("Gets a job with its progress or its report.").WithTags("jobs")
            .ProducesProblem(StatusCodes.Status404NotFound);
        v1.MapGet("/jobs/{id}/events", Follow)
            .WithName("followJob")
            .WithSummary("Server-sent events: 'progress' at every change, then 'end'.")
            .WithDescription("Each event carries the whole job as JSON. After a broken connection, Last-Event-ID leaves out what is known.")
            .WithTags("jobs")
            .Produces<JobBody>(StatusCodes.Status200OK, "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        v1.MapPost("/jobs/{id}/cancel", Cancel)
            .WithName("cancelJob").WithSummary("Asks a job to stop; what it has finished is kept.").WithTags("jobs")
            .Produces<JobBody>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static ListBody<JobBody> List(string? collection, JobQueue jobs) => new(jobs.List(collection));

    private static Accepted<JobBody> Cancel(string id, JobQueue jobs)
    {
        JobBody job = jobs.Get(id);
        if (jobs.FindLive(id) is not { } live || JobState.IsFinal(job.State))
        {
            throw new RequestException(StatusCodes.Status409Conflict, "job-ended", $"The job ended before: {job.State}.");
        }

        live.Cancel();
        return TypedResults.Accepted($"/v1/jobs/{id}", jobs.Get(id));
    }

    private static IResult Follow(string id, HttpRequest request, JobQueue jobs, EventStreamSlots slots)
    {
        JobBody job = jobs.Get(id);
        long known = long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : 0;
        if (jobs.FindLive(id) is not { } live)
        {
            // 204 tells an EventSource that came back to stop.
            return known > 0 ? TypedResults.NoContent() : TypedResults.ServerSentEvents(Once(job));
        }

        return TypedResults.ServerSentEvents(ChangesAsync(live, known, slots.Take(), request.HttpContext.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<JobBody>> ChangesAsync(
        LiveJob job, long known, IDisposable slot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable held = slot;
        while (true)
        {
            (JobBody body, long sequence, Task changed) = job.Read();
            if (sequence > known)
            {
                known = sequence;
                yield return Item(body, sequence);
            }

            if (JobState.IsFinal(body.State))
            {
                yield break;
            }

            await Task.WhenAny(changed, Task.Delay(KeepAlive, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            known = changed.IsCompleted ? known : known - 1;
        }
    }

    private static async IAsyncEnumerable<SseItem<JobBody>> Once(JobBody job)
    {
        await Task.CompletedTask;
        yield return Item(job, sequence: 1);
    }

    private static SseItem<JobBody> Item(JobBody job, long sequence) =>
        new(job, JobState.IsFinal(job.State) ? "end" : "progress") { EventId = sequence.ToString(CultureInfo.InvariantCulture) };
}
