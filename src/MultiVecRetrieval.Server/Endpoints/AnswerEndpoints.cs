using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Answers questions from what is found.</summary>
internal static class AnswerEndpoints
{
    public static void Map(IEndpointRouteBuilder collections) =>
        collections.MapPost("/answer", AnswerAsync)
            .WithName("answer").WithSummary("Answers a question from what is found, with citations that are checked.")
            .WithDescription(
                "Without a model (setting answer:endpoint), or with contextOnly, the answer is the context alone. With stream: server-sent events 'context', 'delta' ({text}), 'end' (the answer), or 'error' (a problem).")
            .WithTags("search").WithMetadata(ReadRoute.Marker, StreamRoute.Marker)
            .Produces<AnswerBody>().Produces<AnswerBody>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> AnswerAsync(
        string collection, AnswerRequestBody body, HttpContext context, Library library, ServerOptions options, EventStreamSlots slots,
        ProblemMapping problems)
    {
        (byte[]? image, QueryPart[] parts) = SearchReader.ReadParts(body, prefix: "");
        AnswerRequest request = new()
        {
            Search = SearchReader.Read(collection, body, image, parts, library, options),
            IsContextOnly = body.ContextOnly ?? false,
            MaxContextTokens = body.MaxContextTokens,
            Pictures = body.Pictures,
        };
        CancellationToken aborted = context.RequestAborted;
        if (body.Stream != true)
        {
            Answer answer = await library.Answers.AskAsync(request, aborted);
            return TypedResults.Ok(AnswerBody.From(answer, answer.State != AnswerState.Answered));
        }

        // Given back with the response: a client that goes away early lets nobody read what is written here.
        slots.Hold(context);
        IAsyncEnumerator<AnswerUpdate> updates = library.Answers.StreamAsync(request, aborted).GetAsyncEnumerator(aborted);
        context.Response.RegisterForDisposeAsync(updates);

        // What fails before the first piece of the answer is a problem with its own status.
        await updates.MoveNextAsync();
        AnswerUpdate first = updates.Current;
        await updates.MoveNextAsync();
        return TypedResults.ServerSentEvents(WriteAsync(first, updates, context, problems, aborted));
    }

    private static async IAsyncEnumerable<SseItem<object>> WriteAsync(
        AnswerUpdate first, IAsyncEnumerator<AnswerUpdate> updates, HttpContext context, ProblemMapping problems,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Map(first);
        bool goesOn = true;
        while (goesOn)
        {
            yield return Map(updates.Current);
            cancellationToken.ThrowIfCancellationRequested();
            (goesOn, SseItem<object>? error) = await MoveAsync(updates, context, problems);
            if (error is { } failed)
            {
                yield return failed;
            }
        }
    }

    private static async Task<(bool GoesOn, SseItem<object>? Error)> MoveAsync(
        IAsyncEnumerator<AnswerUpdate> updates, HttpContext context, ProblemMapping problems)
    {
        try
        {
            return (await updates.MoveNextAsync(), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return (false, new SseItem<object>(problems.DescribeLogged(error, context), "error"));
        }
    }

    private static SseItem<object> Map(AnswerUpdate update) => update switch
    {
        { Context: { } context } => new SseItem<object>(AnswerContextBody.From(context, isWhole: false), "context"),
        { Text: { } text } => new SseItem<object>(new AnswerDeltaBody(text), "delta"),
        { Answer: { } answer } => new SseItem<object>(AnswerBody.From(answer, answer.State != AnswerState.Answered), "end"),
        _ => throw new InvalidOperationException("An update holds nothing."),
    };
}
