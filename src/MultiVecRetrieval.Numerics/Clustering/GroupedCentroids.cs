using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Finds the nearest of many centroids by way of groups of them: most rows get the centroid that a look at all would
/// give.</summary>
/// <remarks>
/// <para>The centroids are divided by k-means; a row is compared with the centre of every group, then with the centroids of the groups
/// whose centres are nearest. With 65,536 centroids that is about a sixteenth of the work. Rows are taken by group, so that the tile kernel
/// has many at a time.</para>
/// <para>A row near the edge of a group may miss its nearest centroid and get the next one. The result depends on the row and the centroids
/// alone: not on other rows, the number of threads or the instruction set. Immutable and thread-safe.</para>
/// </remarks>
internal sealed class GroupedCentroids
{
    /// <summary>Above so many centroids groups are worth their while.</summary>
    public const int MinCount = 8_192;

    private const int DefaultProbeCount = 24;
    private const int CentroidsPerGroup = 128;
    private const int PanelRowCount = 8_192;

    private readonly Centroids _centers;
    private readonly float[] _centerOffsets;
    private readonly Centroids[] _groups;
    private readonly int[][] _ids;
    private readonly int _probeCount;

    /// <summary>Divides centroids into groups.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="values">[K × d].</param>
    /// <param name="isSpherical">As of <see cref="Centroids"/>.</param>
    /// <param name="probeCount">Groups that a row is compared with; all when there are no more, and then nothing is missed.</param>
    public GroupedCentroids(int dimension, float[] values, bool isSpherical, int probeCount = DefaultProbeCount)
    {
        int count = values.Length / dimension;
        int groupCount = Math.Max(1, count / CentroidsPerGroup);
        float[] centers = KMeans.Train(
            dimension, values, groupCount,
            new KMeansOptions { IsSpherical = isSpherical, Iterations = 6, MaxRowsPerCentroid = 64, Threads = Environment.ProcessorCount });
        _centers = new Centroids(dimension, centers, isSpherical);
        _centerOffsets = new float[groupCount];
        for (int group = 0; group < groupCount && !isSpherical; group++)
        {
            _centerOffsets[group] = TensorPrimitives.SumOfSquares<float>(centers.AsSpan(group * dimension, dimension)) / -2;
        }

        int[] cells = new int[count];
        _centers.FindNearest(values, cells);
        _ids = [.. Enumerable.Range(0, groupCount).Select(group => Enumerable.Range(0, count).Where(id => cells[id] == group).ToArray())];
        _groups = new Centroids[groupCount];
        for (int group = 0; group < groupCount; group++)
        {
            // An empty group is never probed: its centre is farther than any.
            _centerOffsets[group] = _ids[group].Length == 0 ? float.NegativeInfinity : _centerOffsets[group];
            float[] members = _ids[group].Length == 0 ? new float[dimension] : Gather(values, dimension, _ids[group]);
            _groups[group] = new Centroids(dimension, members, isSpherical);
        }

        _probeCount = Math.Min(probeCount, groupCount);
    }

    /// <summary>Finds a nearest centroid of each row; of those it is compared with, the lowest that ties.</summary>
    /// <param name="rows">Finite rows, [rows × d].</param>
    /// <param name="nearest">Takes one index per row.</param>
    public void FindNearest(ReadOnlySpan<float> rows, Span<int> nearest)
    {
        int d = _centers.Dimension;
        for (int first = 0; first < nearest.Length; first += PanelRowCount)
        {
            int rowCount = Math.Min(PanelRowCount, nearest.Length - first);
            FindNearestOfPanel(rows.Slice(first * d, rowCount * d), nearest.Slice(first, rowCount));
        }
    }

    private void FindNearestOfPanel(ReadOnlySpan<float> rows, Span<int> nearest)
    {
        int d = _centers.Dimension;
        (int[] visitors, int[] ends) = ChooseGroups(rows, nearest.Length);
        float[] best = new float[nearest.Length];
        best.AsSpan().Fill(float.NegativeInfinity);
        nearest.Clear();
        float[] gathered = new float[nearest.Length * d];
        int[] found = new int[nearest.Length];
        float[] similarities = new float[nearest.Length];
        for (int group = 0, start = 0; group < _groups.Length; start = ends[group++])
        {
            ReadOnlySpan<int> members = visitors.AsSpan(start..ends[group]);
            for (int i = 0; i < members.Length; i++)
            {
                rows.Slice(members[i] * d, d).CopyTo(gathered.AsSpan(i * d));
            }

            _groups[group]
                .FindNearest(gathered.AsSpan(0, members.Length * d), found.AsSpan(0, members.Length),
                similarities.AsSpan(0, members.Length));
            for (int i = 0; i < members.Length; i++)
            {
                int id = _ids[group][found[i]];
                ref float least = ref best[members[i]];
                if (similarities[i] > least || (similarities[i] == least && id < nearest[members[i]]))
                {
                    (least, nearest[members[i]]) = (similarities[i], id);
                }
            }
        }
    }

    // The rows that visit each group, group after group, and where those of each end.
    private (int[] Visitors, int[] Ends) ChooseGroups(ReadOnlySpan<float> rows, int rowCount)
    {
        int groupCount = _groups.Length;
        float[] products = new float[rowCount * groupCount];
        _centers.Multiply(rows, products);
        int[] chosen = new int[rowCount * _probeCount];
        int[] ends = new int[groupCount + 1];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> similarities = products.AsSpan(row * groupCount, groupCount);
            TensorPrimitives.Add(similarities, _centerOffsets, similarities);
            Choose(similarities, chosen.AsSpan(row * _probeCount, _probeCount));
        }

        foreach (int group in chosen)
        {
            // A product beyond float32 chooses no group, and the row stays at centroid 0.
            if (group >= 0)
            {
                ends[group + 1]++;
            }
        }

        for (int group = 0; group < groupCount; group++)
        {
            ends[group + 1] += ends[group];
        }

        int[] visitors = new int[ends[^1]];
        for (int i = 0; i < chosen.Length; i++)
        {
            if (chosen[i] >= 0)
            {
                visitors[ends[chosen[i]]++] = i / _probeCount;
            }
        }

        return (visitors, ends);
    }

    // The groups of the greatest similarities, by insertion: few of many get past the least of those kept.
    private static void Choose(ReadOnlySpan<float> similarities, Span<int> chosen)
    {
        Span<float> kept = stackalloc float[chosen.Length];
        kept.Fill(float.NegativeInfinity);
        chosen.Fill(-1);
        for (int group = 0; group < similarities.Length; group++)
        {
            float similarity = similarities[group];
            if (similarity > kept[^1])
            {
                int place = chosen.Length - 1;
                for (; place > 0 && similarity > kept[place - 1]; place--)
                {
                    (kept[place], chosen[place]) = (kept[place - 1], chosen[place - 1]);
                }

                (kept[place], chosen[place]) = (similarity, group);
            }
        }
    }

    private static float[] Gather(float[] values, int dimension, int[] ids)
    {
        float[] gathered = new float[ids.Length * dimension];
        for (int i = 0; i < ids.Length; i++)
        {
            values.AsSpan(ids[i] * dimension, dimension).CopyTo(gathered.AsSpan(i * dimension));
        }

        return gathered;
    }
}
