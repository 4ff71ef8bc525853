using System.Runtime.CompilerServices;
using MultiVecRetrieval.Libraries.Answers;

namespace MultiVecRetrieval;

/// <summary>Answers questions from what a search finds, by a model that <see cref="AnswerOptions"/> name. Thread-safe.</summary>
public sealed class LibraryAnswers
{
    private const int LeastTokens = 64;
    private const int StandardGroupSize = 3;

    private readonly Library _library;
    private readonly ContextBuilder _contexts;
    private readonly ChatClient _client;

    internal LibraryAnswers(Library library)
    {
        _library = library;
        _contexts = new ContextBuilder(library);
        _client = new ChatClient(library.Options.Answer);
    }

    /// <summary>Searches, and lets the model answer from what is likely. Where no endpoint is set, or
    /// <see cref="AnswerRequest.IsContextOnly"/> is, the answer is the context alone; where nothing likely is found, no model is
    /// asked.</summary>
    /// <exception cref="InvalidQueryException">There is no question, or the budget is out of range. Beside it the errors of
    /// <see cref="Library.SearchAsync"/>.</exception>
    /// <exception cref="AnswerEndpointException">The endpoint gave no answer, or none that can be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Answer> AskAsync(AnswerRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        Answer? answer = null;
        await foreach (AnswerUpdate update in RunAsync(request, streams: false, cancellationToken).ConfigureAwait(false))
        {
            answer = update.Answer ?? answer;
        }

        return answer!;
    }

    /// <summary>The same as it comes: the context, pieces of the text, the answer. Citations of sources that were not given do not come.
    /// The errors are those of <see cref="AskAsync"/>.</summary>
    /// <exception cref="InvalidQueryException">There is no question, or the budget is out of range.</exception>
    /// <exception cref="AnswerEndpointException">The endpoint gave no answer, or broke off.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IAsyncEnumerable<AnswerUpdate> StreamAsync(AnswerRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(request, streams: true, cancellationToken);
    }

    private async IAsyncEnumerable<AnswerUpdate> RunAsync(
        AnswerRequest request, bool streams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerOptions options = _library.Options.Answer;
        string question = Check(request, options);
        LibraryQuery query = request.Search with { Explain = true, GroupSize = request.Search.GroupSize ?? StandardGroupSize };
        SearchResult found = await _library.SearchAsync(query, cancellationToken).ConfigureAwait(false);
        AnswerContext context = await _contexts.BuildAsync(request, question, found, cancellationToken).ConfigureAwait(false);
        yield return new AnswerUpdate { Context = context };
        if (context.Sources.Count == 0 || request.IsContextOnly || !options.HasEndpoint)
        {
            yield return new AnswerUpdate { Answer = WithoutModel(request, context) };
            yield break;
        }

        CitationFilter filter = new(context.Sources.Count);
        string? finishReason = null;
        await foreach (ChatPiece piece in _client.AskAsync(AnswerPrompt.WriteRequest(options.Model!, context, streams), cancellationToken)
            .ConfigureAwait(false))
        {
            finishReason = piece.FinishReason ?? finishReason;
            if (filter.Push(piece.Text) is { Length: > 0 } text)
            {
                yield return new AnswerUpdate { Text = text };
            }
        }

        if (filter.Finish() is { Length: > 0 } rest)
        {
            yield return new AnswerUpdate { Text = rest };
        }

        yield return new AnswerUpdate { Answer = Complete(context, filter, finishReason, options) };
    }

    private static string Check(AnswerRequest request, AnswerOptions options)
    {
        if (string.IsNullOrWhiteSpace(request.Search.Text))
        {
            throw new InvalidQueryException("There is no question: text is missing.", "text");
        }

        return request.MaxContextTokens is { } tokens && (tokens < LeastTokens || tokens > options.MaxContextTokens)
            ? throw new InvalidQueryException(
                FormattableString.Invariant(
                    $"maxContextTokens is {tokens}; it is in [{LeastTokens}, {options.MaxContextTokens}] (setting answer:maxContextTokens)."),
                "maxContextTokens")
            : request.Search.Text.Trim();
    }

    private static Answer WithoutModel(AnswerRequest request, AnswerContext context) => new()
    {
        State = context.Sources.Count == 0 ? AnswerState.NothingFound : AnswerState.ContextOnly,
        Context = context,
        Notices = context.Sources.Count == 0 ? ["Nothing was found that is likely to answer; no model was asked."]
            : request.IsContextOnly ? []
            : ["No model is set that answers (settings answer:endpoint and answer:model); this is what it would be given."],
    };

    private static Answer Complete(AnswerContext context, CitationFilter filter, string? finishReason, AnswerOptions options)
    {
        string text = filter.Text.Trim();
        if (text.Length == 0)
        {
            throw new AnswerEndpointException(
                Encoding.Http.HttpAddress.Show(options.Endpoint!),
                filter.Dropped.Count > 0 ? "it names only sources that it was not given." : "the answer has no text.");
        }

        List<string> notices = [];
        IReadOnlyList<AnswerCitation> citations = CitationReader.Read(text, context.Sources);
        if (filter.Dropped.Count > 0)
        {
            notices.Add($"Citations of sources that the model was not given were dropped: {string.Join(", ", filter.Dropped)}.");
        }

        if (citations.Count == 0)
        {
            notices.Add("The answer names no source; nothing in it can be checked.");
        }

        foreach (AnswerCitation citation in citations.Where(citation => citation.IsVerbatim == false))
        {
            IEnumerable<string> made = citation.Quotations.Where(quote => !CitationReader.Contains(citation.Source.Text, quote));
            notices.Add(FormattableString.Invariant(
                $"What is quoted does not stand in source [{citation.Source.Number}]: {string.Join(" ", made.Select(quote => $"\"{quote}\""))}"));
        }

        if (finishReason is "length" or "content_filter")
        {
            notices.Add($"The answer is cut: the model stopped for {finishReason}.");
        }

        return new Answer
        {
            State = AnswerState.Answered,
            Text = text,
            Citations = citations,
            Context = context,
            Model = options.Model,
            Notices = notices,
        };
    }
}
