using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Libraries.Inputs;

/// <summary>Compares documents with one query.</summary>
internal sealed class PairScorer
{
    private readonly MaxSimScorer _scorer;

    /// <exception cref="InvalidInputException">The query has no rows.</exception>
    public PairScorer(EncodeInput input, MultiVector query)
    {
        if (query.RowCount == 0)
        {
            throw new InvalidInputException($"{input.Name} holds nothing that the model can read.", input.Name);
        }

        _scorer = new MaxSimScorer(query.View, RowFormat.Float32);
    }

    public PairScore Score(MultiVector document)
    {
        float rowCount = _scorer.QueryRowCount;
        if (document.RowCount == 0)
        {
            return new PairScore(-rowCount, 0);
        }

        byte[] packed = new byte[PackedRows.GetSizeInBytes(RowFormat.Float32, document.RowCount, document.Dimension)];
        PackedRows.Pack(RowFormat.Float32, document.View, packed);
        float score = _scorer.Score(packed, document.RowCount);
        return new PairScore(score, Math.Clamp((1 + (score / (double)rowCount)) / 2, 0, 1));
    }
}
