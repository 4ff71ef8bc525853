using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>The nearest documents of queries by inner product, over all pairs.</summary>
internal static class Neighbors
{
    // Queries scored at a time: their scores against 20,000 documents take 20 MB.
    private const int QueryRun = 256;

    /// <summary>The <paramref name="count"/> nearest documents of each query, best first, the lower index on a tie.</summary>
    /// <param name="biases">Added to the score of each document; null for none.</param>
    /// <param name="self">The document that is the query itself and not its neighbour, -1 for none; null when none has one.</param>
    public static int[][] Find(
        Matrix queries, Matrix documents, int count, float[]? biases, int[]? self, int threads, CancellationToken cancellationToken)
    {
        int[][] found = new int[queries.Rows][];
        for (int first = 0; first < queries.Rows; first += QueryRun)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rows = Math.Min(QueryRun, queries.Rows - first);
            Matrix run = new(rows, queries.Columns, queries.Span.Slice(first * queries.Columns, rows * queries.Columns).ToArray());
            Matrix scores = new(rows, documents.Rows);
            Gemm.Multiply(run, false, documents, true, scores, threads: threads);
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
                found[first + row] = Select(scores[row], biases, self?[first + row] ?? -1, count));
        }

        return found;
    }

    private static int[] Select(ReadOnlySpan<float> scores, float[]? biases, int self, int count)
    {
        TopK best = new(count);
        for (int i = 0; i < scores.Length; i++)
        {
            float score = scores[i] + (biases is null ? 0 : biases[i]);
            if (i != self && score >= best.Threshold)
            {
                best.Add(i, score);
            }
        }

        return [.. best.ToSortedArray().Select(hit => hit.Id)];
    }
}
