using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Reranking;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Models;

namespace MultiVecRetrieval.Libraries.Inputs;

/// <summary>Encodes and compares what a request brings.</summary>
/// <remarks>Every input takes a turn of its own among searches, so that a batch of thousands does not keep a search waiting.</remarks>
internal sealed class InputRuns(ModelShelf models, OpenCollections collections, LibraryOptions options, Turns turns)
{
    /// <summary>What the model makes of each input, in their order.</summary>
    public async Task<IReadOnlyList<EncodedInput>> EncodeAsync(EncodeRequest request, CancellationToken cancellationToken)
    {
        string folder = models.Find(request.Model);
        InputEncoder.CheckDimension(models.GetContract(folder), request.Dimension);
        EncoderModel model = await turns.RunAsync(() => models.Load(folder), cancellationToken).ConfigureAwait(false);
        InputEncoder encoder = new(model, collections, options, request.Truncates, request.Dimension);
        EncodedInput[] encoded = new EncodedInput[request.Inputs.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = turns.Count, CancellationToken = cancellationToken };
        FirstFailure failure = new();
        await Parallel.ForEachAsync(Enumerable.Range(0, encoded.Length), parallel, EncodeOneAsync).ConfigureAwait(false);
        failure.Throw();
        return encoded;

        async ValueTask EncodeOneAsync(int index, CancellationToken token)
        {
            if (failure.IsBefore(index))
            {
                return;
            }

            try
            {
                encoded[index] = await turns.RunAsync(() => encoder.Encode(request.Inputs[index], token), token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                failure.Add(index, error);
            }
        }
    }

    /// <summary>The scores of all pairs, in the order of the documents.</summary>
    /// <exception cref="InvalidInputException">The queries are neither one nor as many as the documents.</exception>
    public async Task<ScoreReport> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        int queryCount = request.Queries.Count;
        if (queryCount != 1 && queryCount != request.Documents.Count)
        {
            throw new InvalidInputException(
                $"There are {queryCount} queries for {request.Documents.Count} documents; send one query, or one for each document.",
                "queries");
        }

        string folder = models.Find(request.Model);
        if (RerankerModel.IsReranker(folder))
        {
            return await RerankAsync(folder, request, cancellationToken).ConfigureAwait(false);
        }

        EncodeRequest all = new()
        {
            Model = request.Model,
            Inputs = [.. request.Queries, .. request.Documents],
            Truncates = request.Truncates,
        };
        IReadOnlyList<EncodedInput> encoded = await EncodeAsync(all, cancellationToken).ConfigureAwait(false);
        PairScorer[] scorers = [.. request.Queries.Select((query, index) => new PairScorer(query, encoded[index].Rows))];
        PairScore[] scores = new PairScore[request.Documents.Count];
        for (int index = 0; index < scores.Length; index++)
        {
            PairScorer scorer = scorers[queryCount == 1 ? 0 : index];
            EncodedInput document = encoded[queryCount + index];
            scores[index] = await turns.RunAsync(() => scorer.Score(document.Rows), cancellationToken).ConfigureAwait(false);
        }

        return new ScoreReport(scores, encoded.Sum(input => input.TokenCount), [.. encoded.SelectMany(input => input.Notices)]);
    }

    // A query with one document takes a turn of its own, as an input does; an endpoint elsewhere is asked for many at once.
    private async Task<ScoreReport> RerankAsync(string folder, ScoreRequest request, CancellationToken cancellationToken)
    {
        RerankerModel model = await turns.RunAsync(() => models.LoadReranker(folder), cancellationToken).ConfigureAwait(false);
        PairReranking reranking = new(model, request.Truncates);
        bool isAtOnce = model.Contract.IsRemote && request.Queries.Count == 1;
        (EncodeInput Query, EncodeInput[] Documents)[] runs = isAtOnce
            ? [(request.Queries[0], [.. request.Documents])]
            : [.. request.Documents.Select((document, index) =>
                (request.Queries[request.Queries.Count == 1 ? 0 : index], (EncodeInput[])[document]))];
        PairRelevance[][] scores = new PairRelevance[runs.Length][];
        FirstFailure failure = new();
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = turns.Count, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, runs.Length), parallel, ScoreOneAsync).ConfigureAwait(false);
        failure.Throw();
        PairRelevance[] all = [.. scores.SelectMany(run => run)];
        return new ScoreReport(
            [.. all.Select(score => new PairScore(score.Score, score.Relevance))], all.Sum(score => score.TokenCount),
            [.. all.Select((score, index) => (Score: score, request.Documents[index].Name)).Where(pair => pair.Score.OmittedTokenCount > 0)
                .Select(pair => $"{pair.Name}: the last {pair.Score.OmittedTokenCount} tokens were not read.")]);

        async ValueTask ScoreOneAsync(int index, CancellationToken token)
        {
            if (failure.IsBefore(index))
            {
                return;
            }

            try
            {
                scores[index] = await turns.RunAsync(
                    () => reranking.Score(runs[index].Query, runs[index].Documents, token).ToArray(), token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                failure.Add(index, error);
            }
        }
    }
}
