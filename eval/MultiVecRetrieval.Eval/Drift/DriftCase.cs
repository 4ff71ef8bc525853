using MultiVecRetrieval.Eval.Compression;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Drift;

/// <summary>Entries that a codec is trained on, others that are added later, and queries for both.</summary>
/// <param name="Name">How the later ones differ.</param>
/// <param name="First">Trained on.</param>
/// <param name="Added">Added later.</param>
/// <param name="FirstQueries">Queries whose answers are among the first.</param>
/// <param name="AddedQueries">Queries whose answers are among the added.</param>
internal sealed record DriftCase(
    string Name, IReadOnlyList<MultiVector> First, IReadOnlyList<MultiVector> Added, IReadOnlyList<MultiVector> FirstQueries,
        IReadOnlyList<MultiVector> AddedQueries)
{
    private const int MaxQueryCount = 100;
    private const int Seed = 7;

    /// <summary>
    /// The cases of a workload: more of the same; sources that come later; and every second entry changed on purpose, by adding a vector to
    /// each row (its mean moves) or by mixing each row with itself turned (its directions move), by several strengths.
    /// </summary>
    /// <param name="workload">Where they come from.</param>
    /// <param name="maxEntryCount">Entries of a case at most.</param>
    public static IEnumerable<DriftCase> ListAll(Workload workload, int maxEntryCount)
    {
        DriftCase Split(string name, Func<int, int, bool> isAdded, Func<MultiVector, MultiVector> change)
            => DriftCase.Split(workload, maxEntryCount, name, isAdded, change);
        yield return Split("more of the same", (_, i) => i % 2 == 1, static rows => rows);
        string[] sources = [.. workload.Sources.Distinct().Order(StringComparer.Ordinal)];
        foreach (string source in sources)
        {
            int share = workload.Sources.Count(other => other == source) * 100 / workload.Entries.Count;
            if (share >= 10)
            {
                yield return Split($"then {source}", (i, _) => workload.Sources[i] == source, static rows => rows);
            }
        }

        float[] shift = Unit(new Random(Seed), workload.Dimension);
        float[] turn = [.. Enumerable.Range(0, workload.Dimension).Select(i => i % 2 == 0 ? 1f : -1f)];
        foreach (float strength in new[] { 0.1f, 0.3f, 1f })
        {
            yield return Split(FormattableString.Invariant($"mean moved by {strength}"), (_, i) => i % 2 == 1,
                rows => Change(rows, (row, k) => row[k] + (strength * shift[k])));

            // The values of a row in reverse order with alternating signs: another orthonormal basis.
            yield return Split(FormattableString.Invariant($"turned by {strength}"), (_, i) => i % 2 == 1,
                rows => Change(rows, (row, k) => ((1 - strength) * row[k]) + (strength * turn[k] * row[^(k + 1)])));
        }
    }

    private static DriftCase Split(Workload workload, int maxEntryCount, string name, Func<int, int, bool> isAdded, Func<MultiVector,
        MultiVector> change)
    {
        int step = Math.Max(1, (workload.Entries.Count + maxEntryCount - 1) / maxEntryCount);
        List<MultiVector> first = [], added = [], firstQueries = [], addedQueries = [];
        HashSet<int> addedPositions = [];
        for (int i = 0; i < workload.Entries.Count; i += step)
        {
            if (!isAdded(i, i / step))
            {
                first.Add(workload.Entries[i]);
                continue;
            }

            added.Add(change(workload.Entries[i]));
            addedPositions.Add(i);
        }

        foreach (WorkloadQuery query in workload.HeldOut)
        {
            bool asksAdded = query.Answers.Any(addedPositions.Contains);
            List<MultiVector> target = asksAdded ? addedQueries : firstQueries;
            if (target.Count < MaxQueryCount / 2)
            {
                target.Add(asksAdded ? change(query.Rows) : query.Rows);
            }
        }

        return new DriftCase(name, first, added, firstQueries, addedQueries);
    }

    private static MultiVector Change(MultiVector rows, Func<float[], int, float> change)
    {
        float[] values = new float[rows.Values.Length];
        for (int row = 0; row < rows.RowCount; row++)
        {
            float[] source = rows.Row(row).ToArray();
            Span<float> target = values.AsSpan(row * rows.Dimension, rows.Dimension);
            double sum = 0;
            for (int k = 0; k < source.Length; k++)
            {
                target[k] = change(source, k);
                sum += (double)target[k] * target[k];
            }

            for (int k = 0; k < source.Length && sum > 0; k++)
            {
                target[k] = (float)(target[k] / Math.Sqrt(sum));
            }
        }

        return new MultiVector(rows.Dimension, values);
    }

    private static float[] Unit(Random random, int dimension)
    {
        float[] values = [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
        double norm = Math.Sqrt(values.Sum(value => (double)value * value));
        return [.. values.Select(value => (float)(value / norm))];
    }
}
