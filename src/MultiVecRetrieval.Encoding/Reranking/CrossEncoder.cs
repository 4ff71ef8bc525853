using System.Runtime.ExceptionServices;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>Reads query and document together through one graph, which gives a logit.</summary>
/// <remarks>Source: Nogueira and Cho, Passage Re-ranking with BERT, arXiv:1901.04085. Every pair is a run of its own, so that a score does
/// not depend on the other documents and nothing is padded.</remarks>
internal sealed class CrossEncoder(OnnxSessions sessions, CrossEncoderPlan plan) : Reranker
{
    public override IReadOnlyList<PairRelevance> Score(
        string query, IReadOnlyList<string> documents, int threads, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> asked = plan.Tokenizer.EncodeContent(query);
        int free = plan.MaxLength - plan.Frame.Count - asked.Count;
        if (free < 1)
        {
            throw new ArgumentException(
                $"The query has {asked.Count} tokens; the reranker reads {plan.MaxLength} of query and document together.", nameof(query));
        }

        PairRelevance[] scores = new PairRelevance[documents.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, scores.Length, parallel, index => scores[index] = ScoreOne(asked, documents[index], free));
        }
        catch (AggregateException error)
        {
            // Which of several failed first says nothing; what failed does.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        return scores;
    }

    private PairRelevance ScoreOne(IReadOnlyList<int> query, string document, int free)
    {
        IReadOnlyList<int> content = plan.Tokenizer.EncodeContent(document);
        int kept = Math.Min(content.Count, free);
        (long[] ids, long[] types) = plan.Frame.Join(query, [.. content.Take(kept)]);
        FloatTensor output = sessions.Get(plan.Graph).Run([.. Feed(ids, types)], [plan.Output.Name])[0];
        if (output.Values is not [float logit] || !float.IsFinite(logit))
        {
            throw new ModelFormatException(
                plan.Folder,
                $"{plan.Output.Name} has the shape [{string.Join(", ", output.Shape)}] for one pair; a reranker gives one finite number.");
        }

        double relevance = 1 / (1 + Math.Exp(-(double)logit));
        return new PairRelevance(plan.IsLogistic ? (float)relevance : logit, relevance, ids.Length, content.Count - kept);
    }

    private IEnumerable<TensorFeed> Feed(long[] ids, long[] types)
    {
        long[] ones = new long[ids.Length];
        Array.Fill(ones, 1);
        foreach (OnnxTensor input in plan.Graph.Inputs)
        {
            long[] values = input.Name == plan.Input.Name ? ids
                : input.Name == RerankerDetection.TypesName ? types
                : input.Name == RerankerDetection.MaskName ? ones
                : [.. Enumerable.Range(0, ids.Length).Select(position => (long)position)];
            yield return new TensorFeed(input.Name, values, 1, ids.Length);
        }
    }
}
