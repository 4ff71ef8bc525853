using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Eval.Geometry;

/// <summary>
/// x -> norm(B (x - m)): what makes the vectors of one kind comparable with each other in a space that was trained to compare two. Such
/// training fixes how near a text is to a picture, and says little of how near two pictures are (Mistretta et al., ICLR 2025).
/// </summary>
internal sealed class SpaceTransform
{
    private readonly float[] _mean;

    // Orthonormal rows; null for all directions.
    private readonly float[]? _basis;

    private SpaceTransform(float[] mean, float[]? basis) => (_mean, _basis) = (mean, basis);

    /// <summary>d, the length of a vector that comes in.</summary>
    public int Dimension => _mean.Length;

    /// <summary>The length of a vector that comes out.</summary>
    public int KeptDimension => _basis is null ? Dimension : _basis.Length / Dimension;

    /// <summary>Takes the mean of a kind away, which is most of what tells it from another kind (GR-CLIP, arXiv:2507.19054).</summary>
    /// <param name="rows">Unit rows of the kind; at least one.</param>
    public static SpaceTransform RemoveMean(MultiVector rows) => new(MeanOf(rows), null);

    /// <summary>
    /// Keeps the directions in which texts differ: a picture has more, such as its light and grain, that no word was ever compared with
    /// (arXiv:2603.16100).
    /// </summary>
    /// <param name="texts">Unit rows of texts about many things.</param>
    /// <param name="kept">Directions to keep, those of the largest variance first; in [1, d].</param>
    /// <param name="mean">What is taken away from a vector first; null for nothing.</param>
    public static SpaceTransform OntoTexts(MultiVector texts, int kept, MultiVector? mean = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, texts.Dimension);
        int d = texts.Dimension;
        float[] center = MeanOf(texts);
        float[] centered = texts.Values.ToArray();
        for (int row = 0; row < texts.RowCount; row++)
        {
            Span<float> values = centered.AsSpan(row * d, d);
            TensorPrimitives.Subtract(values, center, values);
        }

        // Eigenvectors are rows, that of the largest variance first.
        double[] directions = SymmetricEigen.Decompose(
            Covariance.Compute(centered, d, Environment.ProcessorCount, CancellationToken.None), d, new double[d]);
        return new SpaceTransform(
            mean is null ? new float[d] : MeanOf(mean), Array.ConvertAll(directions[..(kept * d)], value => (float)value));
    }

    /// <summary>norm(B (x - m)), of length <see cref="KeptDimension"/>; all 0 where nothing is left.</summary>
    public float[] Apply(ReadOnlySpan<float> row)
    {
        float[] moved = Subtract(row);
        return Normalize(_basis is null
            ? moved
            : [.. Enumerable.Range(0, KeptDimension).Select(i => TensorPrimitives.Dot(moved, Direction(i)))]);
    }

    /// <summary>
    /// norm(Bᵀ B (x - m)), of length d: its inner product with a stored row is that of both transformed, up to a constant and the length
    /// that is left of the stored one.
    /// </summary>
    public float[] ApplyToQuery(ReadOnlySpan<float> row)
    {
        float[] moved = Subtract(row);
        if (_basis is null)
        {
            return Normalize(moved);
        }

        float[] sum = new float[Dimension];
        for (int i = 0; i < KeptDimension; i++)
        {
            TensorPrimitives.MultiplyAdd(Direction(i), TensorPrimitives.Dot(moved, Direction(i)), sum, sum);
        }

        return Normalize(sum);
    }

    private ReadOnlySpan<float> Direction(int i) => _basis.AsSpan(i * Dimension, Dimension);

    private float[] Subtract(ReadOnlySpan<float> row)
    {
        if (row.Length != Dimension)
        {
            throw new ArgumentException($"The vector has {row.Length} values, the space {Dimension}.");
        }

        float[] moved = new float[Dimension];
        TensorPrimitives.Subtract(row, _mean, moved);
        return moved;
    }

    private static float[] Normalize(float[] values)
    {
        float length = TensorPrimitives.Norm(values);
        if (length > 0)
        {
            TensorPrimitives.Divide(values, length, values);
        }

        return values;
    }

    private static float[] MeanOf(MultiVector rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.RowCount);
        double[] sum = new double[rows.Dimension];
        for (int row = 0; row < rows.RowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Row(row);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += values[i];
            }
        }

        return Array.ConvertAll(sum, value => (float)(value / rows.RowCount));
    }
}
