using System.Numerics;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>Fixed dimensional encodings: rows are put in buckets by random hyperplanes, and buckets are summed up and projected.</summary>
/// <remarks>
/// <para>Per repetition 2ᵏ buckets by the signs of k products. A query's bucket is the sum of its rows, an entry's their mean; an empty
/// bucket of an entry is the row whose signs differ in the fewest places. A random ±1 projection takes a bucket to few dimensions. The
/// inner product of the two encodings, over the repetitions, approaches MaxSim.</para>
/// <para>Source: Dhulipala et al., MUVERA, arXiv:2405.19504.</para>
/// </remarks>
internal sealed class FixedDimensionalCodec : SingleVectorCodec
{
    private readonly FixedDimensionalShape _shape;
    private readonly float[] _planes;
    private readonly sbyte[] _signs;
    private readonly Centroids _products;

    /// <summary>A codec of given random values.</summary>
    /// <param name="spec">What it was made from.</param>
    /// <param name="dimension">d.</param>
    /// <param name="shape">Repetitions, bits and projected dimensions.</param>
    /// <param name="planes">[repetitions × bits × d], normal.</param>
    /// <param name="signs">[repetitions × projected dimensions × d], each 1 or -1.</param>
    public FixedDimensionalCodec(CodecSpec spec, int dimension, FixedDimensionalShape shape, float[] planes, sbyte[] signs)
        : base(spec, dimension, shape.Length)
    {
        _shape = shape;
        _planes = planes;
        _signs = signs;
        _products = new Centroids(dimension, planes, isSpherical: true);
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters() => [.. MemoryMarshal.AsBytes(_planes.AsSpan()), .. MemoryMarshal.AsBytes(_signs.AsSpan())];

    /// <inheritdoc/>
    public override float EncodeEntry(MultiVectorView rows, Span<float> vector)
    {
        Encode(rows, vector, isEntry: true);
        return 0;
    }

    /// <inheritdoc/>
    public override void EncodeQuery(MultiVectorView query, Span<float> vector) => Encode(query, vector, isEntry: false);

    private void Encode(MultiVectorView rows, Span<float> vector, bool isEntry)
    {
        int planeCount = _shape.Repetitions * _shape.Bits;
        float[] products = new float[rows.RowCount * planeCount];
        _products.Multiply(rows.Values, products);
        int bucketCount = 1 << _shape.Bits;
        float[] sums = new float[bucketCount * Dimension];
        int[] counts = new int[bucketCount];
        int[] firstRows = new int[bucketCount];
        for (int repetition = 0; repetition < _shape.Repetitions; repetition++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            for (int row = 0; row < rows.RowCount; row++)
            {
                int bucket = GetBucket(products.AsSpan((row * planeCount) + (repetition * _shape.Bits), _shape.Bits));
                firstRows[bucket] = counts[bucket]++ == 0 ? row : firstRows[bucket];
                Add(rows.Row(row), sums.AsSpan(bucket * Dimension, Dimension));
            }

            for (int bucket = 0; bucket < bucketCount; bucket++)
            {
                Span<float> target = vector.Slice(((repetition * bucketCount) + bucket) * _shape.Projected, _shape.Projected);
                if (!isEntry && counts[bucket] == 0)
                {
                    target.Clear();
                    continue;
                }

                ReadOnlySpan<float> sum = sums.AsSpan(bucket * Dimension, Dimension);
                double scale = isEntry ? 1.0 / Math.Max(1, counts[bucket]) : 1.0 / _shape.Repetitions;
                if (isEntry && counts[bucket] == 0)
                {
                    sum = rows.Row(FindNearestRow(bucket, counts, firstRows));
                }

                Project(repetition, sum, scale / Math.Sqrt(_shape.Projected), target);
            }
        }
    }

    private static int GetBucket(ReadOnlySpan<float> products)
    {
        int bucket = 0;
        for (int bit = 0; bit < products.Length; bit++)
        {
            bucket |= products[bit] > 0 ? 1 << bit : 0;
        }

        return bucket;
    }

    private static void Add(ReadOnlySpan<float> row, Span<float> sum)
    {
        for (int k = 0; k < row.Length; k++)
        {
            sum[k] += row[k];
        }
    }

    // All rows of a bucket are equally far from another bucket; on a tie the lowest row of the entry is taken.
    private static int FindNearestRow(int bucket, ReadOnlySpan<int> counts, ReadOnlySpan<int> firstRows)
    {
        int best = -1;
        int leastDistance = int.MaxValue;
        for (int other = 0; other < counts.Length; other++)
        {
            int distance = BitOperations.PopCount((uint)(bucket ^ other));
            if (counts[other] > 0 && (distance < leastDistance || (distance == leastDistance && firstRows[other] < best)))
            {
                (best, leastDistance) = (firstRows[other], distance);
            }
        }

        return best;
    }

    private void Project(int repetition, ReadOnlySpan<float> sum, double scale, Span<float> target)
    {
        for (int p = 0; p < target.Length; p++)
        {
            ReadOnlySpan<sbyte> signs = _signs.AsSpan(((repetition * _shape.Projected) + p) * Dimension, Dimension);
            double projected = 0;
            for (int k = 0; k < signs.Length; k++)
            {
                projected += (double)sum[k] * signs[k];
            }

            target[p] = (float)(projected * scale);
        }
    }
}
