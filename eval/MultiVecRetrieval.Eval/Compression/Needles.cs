using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>
/// Pairs of nearly equal pages: a page, and the same page with one row replaced by a row of another page. The query asks for the row
/// that was put in, with two rows that both pages have; the changed page must score higher.
/// </summary>
internal sealed class Needles
{
    private const int PairCount = 150;

    // A row that has a near copy on the page would tell nothing.
    private const float MaxCosine = 0.6f;

    /// <summary>Unchanged and changed page in turns.</summary>
    public IReadOnlyList<MultiVector> Entries { get; }

    /// <summary>One query a pair.</summary>
    public IReadOnlyList<MultiVector> Queries { get; }

    public Needles(Workload workload, int seed)
    {
        Random random = new(seed);
        List<MultiVector> entries = [];
        List<MultiVector> queries = [];
        int d = workload.Dimension;
        for (int attempt = 0; attempt < 50 * PairCount && queries.Count < PairCount; attempt++)
        {
            MultiVector page = workload.Entries[random.Next(workload.Entries.Count)];
            MultiVector other = workload.Entries[random.Next(workload.Entries.Count)];
            if (page.RowCount < 20 || other.RowCount < 20)
            {
                continue;
            }

            float[] needle = other.Row(random.Next(other.RowCount)).ToArray();
            if (Best(page, needle) > MaxCosine)
            {
                continue;
            }

            int replaced = random.Next(page.RowCount);
            float[] changed = page.Values.ToArray();
            needle.CopyTo(changed.AsSpan(replaced * d));
            entries.Add(page);
            entries.Add(new MultiVector(d, changed, page.Places.IsEmpty ? null : page.Places.ToArray()));
            int common = (replaced + 1 + random.Next(page.RowCount - 2)) % page.RowCount;
            queries.Add(new MultiVector(d,
                [.. needle, .. page.Row(common),
                .. page.Row((common + 1) % page.RowCount == replaced ? common : (common + 1) % page.RowCount)]));
        }
        Entries = entries;
        Queries = queries;
    }

    private static float Best(MultiVector page, ReadOnlySpan<float> row)
    {
        float best = float.NegativeInfinity;
        for (int i = 0; i < page.RowCount; i++)
        {
            best = Math.Max(best, TensorPrimitives.Dot(page.Row(i), row));
        }

        return best;
    }
}
