using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels.Tiles;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Finds the nearest of many centroids, the same as <see cref="Centroids"/> does, by looking at few of them in full.</summary>
/// <remarks>
/// <para>Encoders put most of the length of their rows into few directions. With P the m strongest of the centroids, a row x = Pᵀu + x⊥ and
/// a centroid c = Pᵀv + c⊥ have ⟨x, c⟩ ≤ ⟨u, v⟩ + |x⊥||c⊥| but for rounding: an inner product of m + 2 values, with -|c|²/2 as the last,
/// bounds each similarity from above. Only centroids whose bound reaches the similarity of the one with the greatest bound are compared in
/// full, in the order of additions of the tile kernel: what is found does not depend on P, on other rows or on the instruction set. Rows of
/// words (24 directions of 128 hold .99 of 4,096 centroids) take a third of the time of a look at all, and one candidate each; where no few
/// directions hold most there is no screen.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
internal sealed class ScreenedCentroids
{
    /// <summary>From so many centroids on the bounds save more than they cost.</summary>
    public const int MinCount = 1_024;

    /// <summary>The longest rows: finding the directions takes 3 d³ operations.</summary>
    private const int MaxDimension = 512;

    /// <summary>What the directions may leave of the centroids' squared length; bounds are too loose to save anything when more is
    /// left.</summary>
    private const double MaxRest = 0.12;

    /// <summary>Directions come in eights; more than d / this are no gain.</summary>
    private const int DirectionStep = 8;
    private const int MinReduction = 2;

    /// <summary>Rows whose bounds are in the cache at a time: at 4,096 centroids 384 KiB.</summary>
    private const int PanelRowCount = 4 * CentroidScratch.MaxHeight;

    /// <summary>Centroids of a group and of a block of the kernel.</summary>
    private const int GroupLength = 64;
    private const int BlockLength = 16;

    /// <summary>A row with more candidates than this is compared with all centroids by the tile kernel.</summary>
    private const int MaxCandidateCount = 128;

    /// <summary>Longer rows or centroids would overflow float32 in a product; shorter rows than the least slack allows for have subnormal
    /// ones.</summary>
    private const double MaxLength = 1e15;
    private const double LeastSlack = 1e-35;

    private readonly Centroids _all;
    private readonly float[] _values;
    private readonly float[] _offsets;
    private readonly Centroids _directions;
    private readonly Centroids _bounds;
    private readonly double _largestNorm;
    private readonly double _projectionSlack;

    private ScreenedCentroids(Centroids all, float[] values, float[] directions)
    {
        _all = all;
        _values = values;
        int d = all.Dimension;
        int m = directions.Length / d;
        _directions = new Centroids(d, directions, isSpherical: true);
        _offsets = new float[all.Count];
        float[] projected = new float[all.Count * m];
        _directions.Multiply(values, projected);
        float[] bounds = new float[all.Count * (m + 2)];
        for (int id = 0; id < all.Count; id++)
        {
            ReadOnlySpan<float> centroid = values.AsSpan(id * d, d);
            ReadOnlySpan<float> coordinates = projected.AsSpan(id * m, m);
            Span<float> bound = bounds.AsSpan(id * (m + 2), m + 2);
            coordinates.CopyTo(bound);
            bound[m] = Rounding.Up(GetRest(centroid, coordinates, directions) * (1 + 1e-9));
            _offsets[id] = all.IsSpherical ? 0 : Centroids.GetOffset(centroid);
            bound[m + 1] = _offsets[id];
            _largestNorm = Math.Max(_largestNorm, Rounding.Norm(centroid));
        }

        _bounds = new Centroids(m + 2, bounds, isSpherical: true);

        // |u - Px| ≤ γ √m |x| and so for v, and P Pᵀ = I + E: what the sums leave out is at most (2 γ √m + 2 |E|) |x| |c|, here doubled for
        // second order terms.
        _projectionSlack = 2 * ((2 * Rounding.Gamma(d + 1) * Math.Sqrt(m)) + (2 * MeasureError(directions, d)));
    }

    /// <summary>Prepares centroids; null when their length does not lie in few directions, or they are few.</summary>
    /// <param name="all">The centroids.</param>
    /// <param name="values">The same, [K × d].</param>
    public static ScreenedCentroids? Create(Centroids all, float[] values)
    {
        int d = all.Dimension;
        if (all.Count < MinCount || d > MaxDimension || d < DirectionStep * MinReduction)
        {
            return null;
        }

        double largest = TensorPrimitives.MaxMagnitude<float>(values);
        if (!(Math.Abs(largest) * d < MaxLength))
        {
            return null;
        }

        double[] powers = new double[d];
        double[] directions = SymmetricEigen.Decompose(Covariance.Compute(values, d, threads: 1, CancellationToken.None), d, powers);
        double rest = powers.Sum(power => Math.Max(0, power));
        double allowed = MaxRest * rest;
        int m = 0;
        while (rest > allowed && m < d)
        {
            rest -= Math.Max(0, powers[m++]);
        }

        m = Math.Max(1, (m + DirectionStep - 1) / DirectionStep) * DirectionStep;
        return m * MinReduction > d ? null : new ScreenedCentroids(all, values, [.. directions.Take(m * d).Select(value => (float)value)]);
    }

    /// <summary>Finds the nearest centroid of each row; the lowest of those that tie.</summary>
    /// <param name="rows">Finite rows, [rows × d].</param>
    /// <param name="nearest">Takes one index per row.</param>
    public void FindNearest(ReadOnlySpan<float> rows, Span<int> nearest)
    {
        int d = _all.Dimension;
        int m = _directions.Count;
        float[] projected = ArrayPool<float>.Shared.Rent(PanelRowCount * m);
        float[] queries = ArrayPool<float>.Shared.Rent(PanelRowCount * (m + 2));
        float[] bounds =
            ArrayPool<float>.Shared.Rent(_bounds.GroupCount * PanelRowCount / CentroidScratch.MaxHeight * CentroidScratch.Length);
        float[] maxima = ArrayPool<float>.Shared.Rent(_bounds.GroupCount * BlockLength);
        float[] left = ArrayPool<float>.Shared.Rent(PanelRowCount * d);
        Span<float> slacks = stackalloc float[PanelRowCount];
        Span<int> leftRows = stackalloc int[PanelRowCount];
        for (int first = 0; first < nearest.Length; first += PanelRowCount)
        {
            int count = Math.Min(PanelRowCount, nearest.Length - first);
            ReadOnlySpan<float> panel = rows.Slice(first * d, count * d);
            _directions.Multiply(panel, projected.AsSpan(0, count * m));
            for (int row = 0; row < count; row++)
            {
                slacks[row] = Prepare(panel.Slice(row * d, d), projected.AsSpan(row * m, m), queries.AsSpan(row * (m + 2), m + 2));
            }

            _bounds.MultiplyInTiles(queries.AsSpan(0, count * (m + 2)), bounds);
            int tileCount = (count + CentroidScratch.MaxHeight - 1) / CentroidScratch.MaxHeight;
            int leftCount = 0;
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> values = panel.Slice(row * d, d);
                int start = (row / CentroidScratch.MaxHeight * CentroidScratch.Length) + (row % CentroidScratch.MaxHeight * BlockLength);
                nearest[first + row] = float.IsNaN(slacks[row])
                    ? -1
                    : Find(values, bounds.AsSpan(start), tileCount * CentroidScratch.Length,
                    maxima.AsSpan(0, _bounds.GroupCount * BlockLength), slacks[row]);
                if (nearest[first + row] < 0)
                {
                    values.CopyTo(left.AsSpan(leftCount * d));
                    leftRows[leftCount++] = first + row;
                }
            }

            FindLeft(left.AsSpan(0, leftCount * d), leftRows[..leftCount], nearest);
        }

        ArrayPool<float>.Shared.Return(projected);
        ArrayPool<float>.Shared.Return(queries);
        ArrayPool<float>.Shared.Return(bounds);
        ArrayPool<float>.Shared.Return(maxima);
        ArrayPool<float>.Shared.Return(left);
    }

    private void FindLeft(ReadOnlySpan<float> rows, ReadOnlySpan<int> indices, Span<int> nearest)
    {
        if (indices.IsEmpty)
        {
            return;
        }

        Span<int> found = stackalloc int[PanelRowCount];
        found = found[..indices.Length];
        _all.FindNearest(rows, found);
        for (int i = 0; i < found.Length; i++)
        {
            nearest[indices[i]] = found[i];
        }
    }

    // Sets u, |x⊥| and 1; returns by how much a computed bound may lie below a computed similarity, NaN when that is not known.
    private float Prepare(ReadOnlySpan<float> row, ReadOnlySpan<float> projected, Span<float> query)
    {
        double norm = Rounding.Norm(row);
        if (!(norm < MaxLength))
        {
            query.Clear();
            return float.NaN;
        }

        double projectedNorm = Rounding.Norm(projected);
        double squaredRest = Math.Max(0, (norm * norm) - (projectedNorm * projectedNorm)) + (_projectionSlack * norm * norm);
        projected.CopyTo(query);
        query[^2] = Rounding.Up(Math.Sqrt(squaredRest) * (1 + 1e-9));
        query[^1] = 1;

        // γ bounds both sums of products and the offset that is added to one of them; magnitudes add up to less than 3 |x||c| + |c|².
        double rounding = Rounding.Gamma(row.Length + projected.Length + 8) * ((3 * norm * _largestNorm) + (_largestNorm * _largestNorm));
        return Rounding.Up((_projectionSlack * norm * _largestNorm) + rounding + LeastSlack);
    }

    // -1 when too many bounds are within reach. The bounds of a row begin the given values; the next group's are a stride further.
    private int Find(ReadOnlySpan<float> row, ReadOnlySpan<float> bounds, int stride, Span<float> maxima, float slack)
    {
        Span<int> candidates = stackalloc int[MaxCandidateCount];
        candidates[0] = FindGreatest(bounds, stride, maxima);
        Span<float> similarities = stackalloc float[MaxCandidateCount];
        Compare(row, candidates[..1], similarities);

        // Rounded down, like the slack up: a bound below it cannot be that of a similarity as great.
        float threshold = MathF.BitDecrement(similarities[0] - slack);
        int count = Select(bounds, stride, maxima, threshold, candidates);
        if (count < 0)
        {
            return -1;
        }

        Compare(row, candidates[..count], similarities);
        int best = 0;
        for (int i = 1; i < count; i++)
        {
            best = similarities[i] > similarities[best] ? i : best;
        }

        return candidates[best];
    }

    // A centroid of the greatest bound; any of them will do. Keeps the greatest of each lane of each group.
    private int FindGreatest(ReadOnlySpan<float> bounds, int stride, Span<float> maxima)
    {
        ref float start = ref MemoryMarshal.GetReference(bounds);
        ref float kept = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> greatest = Vector512.Create(float.NegativeInfinity);
        for (int group = 0; group < _bounds.GroupCount; group++)
        {
            nuint offset = (nuint)(group * stride);
            Vector512<float> lower =
                Vector512.Max(Vector512.LoadUnsafe(ref start, offset),
                Vector512.LoadUnsafe(ref start, offset + CentroidScratch.PartLength));
            Vector512<float> upper = Vector512.Max(
                Vector512.LoadUnsafe(ref start, offset + (2 * CentroidScratch.PartLength)),
                    Vector512.LoadUnsafe(ref start, offset + (3 * CentroidScratch.PartLength)));
            Vector512<float> both = Vector512.Max(lower, upper);
            both.StoreUnsafe(ref kept, (nuint)(group * BlockLength));

            // The last group may be filled up with centroids that there are not.
            greatest = group < _all.Count / GroupLength ? Vector512.Max(greatest, both) : greatest;
        }

        float value = greatest[0];
        for (int lane = 1; lane < BlockLength; lane++)
        {
            value = Math.Max(value, greatest[lane]);
        }

        int found = maxima.IndexOf(value) / BlockLength;
        for (int i = 0; i < GroupLength; i++)
        {
            if (bounds[(found * stride) + (i / BlockLength * CentroidScratch.PartLength) + (i % BlockLength)] == value)
            {
                return (found * GroupLength) + i;
            }
        }

        return 0;
    }

    // The ids of bounds that reach a threshold, ascending; -1 when they are more than there is room for.
    private int Select(ReadOnlySpan<float> bounds, int stride, ReadOnlySpan<float> maxima, float threshold, Span<int> ids)
    {
        ref float start = ref MemoryMarshal.GetReference(bounds);
        ref float kept = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> least = Vector512.Create(threshold);
        int count = 0;
        for (int group = 0; group < _bounds.GroupCount; group++)
        {
            // What fills up the last group may be anything where no vector instructions write it, also no number, beside which nothing is
            // the greatest.
            if (group < _all.Count / GroupLength
                && !Vector512.GreaterThanOrEqualAny(Vector512.LoadUnsafe(ref kept, (nuint)(group * BlockLength)), least))
            {
                continue;
            }

            for (int block = 0; block < GroupLength / BlockLength; block++)
            {
                Vector512<float> values = Vector512.LoadUnsafe(ref start, (nuint)((group * stride) + (block * CentroidScratch.PartLength)));
                ulong reached = Vector512.GreaterThanOrEqual(values, least).ExtractMostSignificantBits();
                for (; reached != 0; reached &= reached - 1)
                {
                    int id = (group * GroupLength) + (block * BlockLength) + BitOperations.TrailingZeroCount(reached);
                    if (id >= _all.Count)
                    {
                        break;
                    }

                    if (count == ids.Length)
                    {
                        return -1;
                    }

                    ids[count++] = id;
                }
            }
        }

        return count;
    }

    // In the order of the tile kernel: one fused multiply-add per dimension, then the offset. Four chains at a time, as each waits for
    // itself.
    private void Compare(ReadOnlySpan<float> row, ReadOnlySpan<int> ids, Span<float> similarities)
    {
        int d = row.Length;
        for (int i = 0; i < ids.Length; i += 4)
        {
            ReadOnlySpan<float> a = _values.AsSpan(ids[i] * d, d);
            ReadOnlySpan<float> b = _values.AsSpan(ids[Math.Min(i + 1, ids.Length - 1)] * d, d);
            ReadOnlySpan<float> c = _values.AsSpan(ids[Math.Min(i + 2, ids.Length - 1)] * d, d);
            ReadOnlySpan<float> e = _values.AsSpan(ids[Math.Min(i + 3, ids.Length - 1)] * d, d);
            (float sumA, float sumB, float sumC, float sumE) = (0, 0, 0, 0);
            for (int k = 0; k < row.Length; k++)
            {
                sumA = MathF.FusedMultiplyAdd(a[k], row[k], sumA);
                sumB = MathF.FusedMultiplyAdd(b[k], row[k], sumB);
                sumC = MathF.FusedMultiplyAdd(c[k], row[k], sumC);
                sumE = MathF.FusedMultiplyAdd(e[k], row[k], sumE);
            }

            ReadOnlySpan<float> sums = [sumA, sumB, sumC, sumE];
            for (int j = 0; j < Math.Min(4, ids.Length - i); j++)
            {
                similarities[i + j] = sums[j] + _offsets[ids[i + j]];
            }
        }
    }

    // |c - Pᵀv|.
    private static double GetRest(ReadOnlySpan<float> centroid, ReadOnlySpan<float> coordinates, float[] directions)
    {
        double[] rest = new double[centroid.Length];
        for (int k = 0; k < rest.Length; k++)
        {
            rest[k] = centroid[k];
        }

        for (int i = 0; i < coordinates.Length; i++)
        {
            RowOperations.AddScaled(-(double)coordinates[i], directions.AsSpan(i * rest.Length, rest.Length), rest);
        }

        return Math.Sqrt(RowOperations.Dot(rest, rest));
    }

    // The Frobenius norm of P Pᵀ - I.
    private static double MeasureError(float[] directions, int dimension)
    {
        int m = directions.Length / dimension;
        double sum = 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                double product = i == j ? -1 : 0;
                for (int k = 0; k < dimension; k++)
                {
                    product += (double)directions[(i * dimension) + k] * directions[(j * dimension) + k];
                }

                sum += product * product;
            }
        }

        return Math.Sqrt(sum) + 1e-12;
    }
}
