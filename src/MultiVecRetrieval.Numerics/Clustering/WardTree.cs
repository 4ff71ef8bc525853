using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>
/// Ward's hierarchical clustering of rows: at each step the two clusters are merged that raise the sum of squared distances to the
/// means least. Distances are those of scipy's linkage: ‖a - b‖ between single rows.
/// </summary>
/// <remarks>
/// The nearest-neighbour chain over a stored matrix of squared distances, updated by the formula of Lance and Williams: n²·d for the
/// matrix, then n² in all. Source: Murtagh and Legendre, Ward's hierarchical agglomerative clustering method, J. Classification 31, 2014;
/// Müllner, arXiv:1109.2378.
/// </remarks>
internal sealed class WardTree
{
    private readonly int _rowCount;
    private readonly (int A, int B, float SquaredDistance)[] _merges;

    private WardTree(int rowCount, (int A, int B, float SquaredDistance)[] merges)
    {
        _rowCount = rowCount;
        _merges = merges;
    }

    /// <summary>Squared distances of the merges, ascending.</summary>
    public IEnumerable<float> SquaredDistances => _merges.Select(merge => merge.SquaredDistance);

    /// <summary>The number of clusters after all merges at or below a distance.</summary>
    public int CountAt(double distance) => _rowCount - _merges.Count(merge => merge.SquaredDistance <= distance * distance);

    public static WardTree Build(PaddedRows rows)
    {
        int n = rows.RowCount;
        float[] matrix = ArrayPool<float>.Shared.Rent(checked(n * n));
        try
        {
            SquareMatrix.SquaredDistances(rows, matrix.AsSpan(0, n * n));
            return new WardTree(n, new Chain(matrix, n).Run());
        }
        finally
        {
            ArrayPool<float>.Shared.Return(matrix);
        }
    }

    /// <summary>The partition into so many clusters, numbered by their first rows.</summary>
    public int[] Cut(int clusterCount)
    {
        int[] parents = new int[_rowCount];
        for (int i = 0; i < parents.Length; i++)
        {
            parents[i] = i;
        }

        foreach ((int a, int b, _) in _merges.AsSpan(0, _rowCount - clusterCount))
        {
            parents[Find(parents, a)] = Find(parents, b);
        }

        int[] labels = new int[_rowCount];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = Find(parents, i);
        }

        ClusterLabels.Renumber(labels);
        return labels;
    }

    private static int Find(int[] parents, int row)
    {
        while (parents[row] != row)
        {
            row = parents[row] = parents[parents[row]];
        }

        return row;
    }

    private sealed class Chain
    {
        private readonly float[] _matrix;
        private readonly int _n;
        private readonly float[] _sizes;

        // 0 for a cluster that is there, infinite for one that was merged away.
        private readonly float[] _absence;
        private readonly List<int> _present;

        public Chain(float[] matrix, int n)
        {
            _matrix = matrix;
            _n = n;
            _sizes = new float[n];
            _absence = new float[n];
            _present = new List<int>(n);
            for (int i = 0; i < n; i++)
            {
                _sizes[i] = 1;
                _present.Add(i);
                _matrix[(i * n) + i] = float.PositiveInfinity;
            }
        }

        public (int A, int B, float SquaredDistance)[] Run()
        {
            (int A, int B, float SquaredDistance)[] merges = new (int, int, float)[_n - 1];
            float[] heights = new float[_n];
            List<int> chain = [];
            for (int count = 0; count < merges.Length;)
            {
                if (chain.Count == 0)
                {
                    chain.Add(_present[0]);
                }

                int last = chain[^1];
                (int nearest, float distance) = FindNearest(last);
                if (chain.Count > 1 && _matrix[(last * _n) + chain[^2]] <= distance)
                {
                    int other = chain[^2];
                    (int from, int into) = (Math.Max(last, other), Math.Min(last, other));

                    // Rounding may put a merge a hair below those it contains; sorted by height, it still has to come after them.
                    float height = Math.Max(distance, Math.Max(heights[from], heights[into]));
                    merges[count++] = (from, into, height);
                    heights[into] = height;
                    Merge(from, into, distance);
                    chain.RemoveRange(chain.Count - 2, 2);
                }
                else
                {
                    chain.Add(nearest);
                }
            }

            return [.. merges.OrderBy(merge => merge.SquaredDistance)];
        }

        // The lowest index among the nearest.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private (int Index, float Distance) FindNearest(int cluster)
        {
            ReadOnlySpan<float> row = _matrix.AsSpan(cluster * _n, _n);
            ref float distances = ref MemoryMarshal.GetReference(row);
            ref float absence = ref MemoryMarshal.GetArrayDataReference(_absence);
            float minimum = float.PositiveInfinity;
            int i = 0;
            if (_n >= Vector512<float>.Count)
            {
                Vector512<float> minima = Vector512.Create(float.PositiveInfinity);
                for (; i + Vector512<float>.Count <= _n; i += Vector512<float>.Count)
                {
                    Vector512<float> values = Vector512.LoadUnsafe(ref distances, (nuint)i) + Vector512.LoadUnsafe(ref absence, (nuint)i);
                    minima = Vector512.ConditionalSelect(Vector512.LessThan(values, minima), values, minima);
                }

                for (int lane = 0; lane < Vector512<float>.Count; lane++)
                {
                    minimum = Math.Min(minimum, minima.GetElement(lane));
                }
            }

            for (; i < _n; i++)
            {
                minimum = Math.Min(minimum, row[i] + _absence[i]);
            }

            for (int index = 0; ; index++)
            {
                index += row[index..].IndexOf(minimum);
                if (_absence[index] == 0)
                {
                    return (index, minimum);
                }
            }
        }

        // d²(k, a ∪ b) = ((n_a + n_k) d²(k, a) + (n_b + n_k) d²(k, b) - n_k d²(a, b)) / (n_a + n_b + n_k), never below 0.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Merge(int from, int into, float distance)
        {
            Span<float> a = _matrix.AsSpan(from * _n, _n);
            Span<float> b = _matrix.AsSpan(into * _n, _n);
            (float sizeA, float sizeB) = (_sizes[from], _sizes[into]);
            _absence[from] = float.PositiveInfinity;
            _present.Remove(from);
            _sizes[into] = sizeA + sizeB;
            foreach (int k in _present)
            {
                float size = _sizes[k];
                float updated = (((sizeA + size) * a[k]) + ((sizeB + size) * b[k]) - (size * distance)) / (sizeA + sizeB + size);
                b[k] = Math.Max(0, updated);
            }

            b[into] = float.PositiveInfinity;
            foreach (int k in _present)
            {
                _matrix[(k * _n) + into] = b[k];
            }
        }
    }
}
