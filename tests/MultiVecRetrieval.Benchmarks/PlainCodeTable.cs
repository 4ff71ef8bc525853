using System.Numerics;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>The definition of the scores of codes as a loop over a table: Σ_i max_j T[i, c_j].</summary>
/// <param name="values">[query rows × K].</param>
/// <param name="codeCount">K.</param>
/// <param name="floor">What a score has more than the sum of maxima.</param>
/// <param name="step">What the sum of maxima is multiplied by.</param>
internal sealed class PlainCodeTable(float[] values, int codeCount, double floor, double step)
{
    /// <summary>The similarities as they are, or, where codes take two bytes and query rows are many, their levels.</summary>
    public static PlainCodeTable Create(CodeTable table)
    {
        if (table.CodeCount <= Codebook.MaxByteCount || table.QueryRowCount <= CodeListScorer.MaxExactRowCount)
        {
            return new(table.Similarities, table.CodeCount, floor: 0, step: 1);
        }

        float[][] rows = [.. table.Similarities.Chunk(table.CodeCount)];
        float[] floors = [.. rows.Select(row => row.Min())];
        float range = rows.Zip(floors, (row, floor) => row.Max() - floor).Max();
        float[] levels =
            [.. rows.Zip(floors, (row, floor) => row.Select(value => MathF.Round((value - floor) * (255 / range)))).SelectMany(row => row)];
        return new(levels, table.CodeCount, floors.Sum(floor => (double)floor), range / 255.0);
    }

    /// <summary>The score of a list of codes.</summary>
    public float Score<TCode>(ReadOnlySpan<TCode> codes)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        double score = 0;
        for (int first = 0; first < values.Length; first += codeCount)
        {
            ReadOnlySpan<float> row = values.AsSpan(first, codeCount);
            float best = float.NegativeInfinity;
            foreach (TCode code in codes)
            {
                best = MathF.Max(best, row[int.CreateTruncating(code)]);
            }

            score += best;
        }

        return (float)(floor + (step * score));
    }
}
