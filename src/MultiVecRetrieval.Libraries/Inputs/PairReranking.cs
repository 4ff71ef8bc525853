using MultiVecRetrieval.Encoding.Reranking;

namespace MultiVecRetrieval.Libraries.Inputs;

/// <summary>Compares queries with documents by a reranker, a query and its documents at a time.</summary>
internal sealed class PairReranking(RerankerModel model, bool truncates)
{
    /// <summary>The scores of one query's documents, in their order.</summary>
    /// <exception cref="InvalidInputException">An input is no text, or longer than the model reads.</exception>
    public IReadOnlyList<PairRelevance> Score(EncodeInput query, IReadOnlyList<EncodeInput> documents, CancellationToken cancellationToken)
    {
        string asked = Read(query);
        string[] texts = [.. documents.Select(Read)];
        IReadOnlyList<PairRelevance> scores;
        try
        {
            scores = model.Score(asked, texts, threads: 1, cancellationToken);
        }
        catch (ArgumentException tooLong)
        {
            throw new InvalidInputException(ErrorText.Get(tooLong), query.Name, isTooLong: true);
        }

        for (int i = 0; i < scores.Count && !truncates; i++)
        {
            if (scores[i].OmittedTokenCount > 0)
            {
                throw new InvalidInputException(
                    $"{documents[i].Name} has {scores[i].OmittedTokenCount} tokens too many; the reranker {model.Contract.Name} reads {model.Contract.MaxTokens} of query and document together. Send less, or let its beginning be read: \"truncate\": true.",
                    documents[i].Name, isTooLong: true);
            }
        }

        return scores;
    }

    private string Read(EncodeInput input) => input is { Text: { } text, ImageBytes: null, Entry: null }
        ? text
        : throw new InvalidInputException($"{input.Name} is no text; the reranker {model.Contract.Name} reads texts.", input.Name);
}
