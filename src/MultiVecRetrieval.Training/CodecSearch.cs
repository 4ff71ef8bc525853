using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Searches documents of one row each by their codes, as a collection would.</summary>
internal static class CodecSearch
{
    /// <summary>The nearest documents of each query by code, best first.</summary>
    /// <param name="documentCodec">Encodes the documents.</param>
    /// <param name="queryCodec">Scores them: the same, or one whose queries search the same codes.</param>
    /// <param name="self">The document that a query must not find, -1 for none.</param>
    public static int[][] Find(
        EntryCodec documentCodec, Matrix documents, EntryCodec queryCodec, Matrix queries, int[] self, int threads,
            CancellationToken cancellationToken)
    {
        int[] offsets = [.. Enumerable.Range(0, documents.Rows + 1)];
        byte[] chunk = documentCodec.Encode(new EntryRows(documents.Columns, documents.Span, offsets));
        int[][] found = new int[queries.Rows][];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, queries.Rows, options, row =>
        {
            float[] scores = new float[documents.Rows];
            queryCodec.CreateScorer(new MultiVectorView(queries.Columns, queries[row])).Score(chunk, scores);
            TopK best = new(HeadProblems.Depth);
            for (int i = 0; i < scores.Length; i++)
            {
                if (i != self[row] && scores[i] >= best.Threshold)
                {
                    best.Add(i, scores[i]);
                }
            }

            found[row] = [.. best.ToSortedArray().Select(hit => hit.Id)];
        });
        return found;
    }
}
