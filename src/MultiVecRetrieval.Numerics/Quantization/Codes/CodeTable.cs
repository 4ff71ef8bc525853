using System.Numerics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Kernels.Codes;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>The similarity of each query row with each centroid, and what bounds need of the query.</summary>
internal sealed class CodeTable
{
    private const int TransposeLength = 128;

    private readonly double[] _cosineErrors;

    /// <summary>Compares query rows with centroids.</summary>
    /// <param name="codebook">The centroids.</param>
    /// <param name="query">The query rows.</param>
    /// <param name="similarity">By what; bounds hold for <see cref="CodeSimilarity.Query"/> alone.</param>
    /// <param name="threads">Threads that share the work, at least 1.</param>
    public CodeTable(Codebook codebook, MultiVectorView query, CodeSimilarity similarity = CodeSimilarity.Query, int threads = 1)
    {
        HasBounds = similarity == CodeSimilarity.Query;
        CodeCount = codebook.Count;
        QueryRowCount = query.RowCount;
        Similarities = GC.AllocateUninitializedArray<float>(checked(QueryRowCount * CodeCount));
        Fill(codebook, query, similarity, threads);
        if (float.IsNaN(TensorPrimitives.Max<float>(Similarities)))
        {
            foreach (ref float value in Similarities.AsSpan())
            {
                // Only products beyond float32 are NaN, and NaN never wins.
                value = float.IsNaN(value) ? float.NegativeInfinity : value;
            }
        }

        (MaxCentroidNorm, double deviation) = codebook.Lengths;
        QueryNorms = new double[QueryRowCount];
        _cosineErrors = new double[QueryRowCount];
        for (int row = 0; row < QueryRowCount; row++)
        {
            QueryNorms[row] = Rounding.Norm(query.Row(row));
            QueryNormSum += QueryNorms[row];
            _cosineErrors[row] = (Rounding.Gamma(query.Dimension + 2) * MaxCentroidNorm) + (2 * deviation);
        }

        // One rounding per term of a product, and what is left for the sum over query rows.
        RoundingError = Rounding.Gamma(query.Dimension + QueryRowCount + 8);
    }

    /// <summary>True when the table holds inner products, which bounds follow from.</summary>
    public bool HasBounds { get; }

    /// <summary>K.</summary>
    public int CodeCount { get; }

    /// <summary>The number of query rows.</summary>
    public int QueryRowCount { get; }

    /// <summary>[query rows × K], none NaN.</summary>
    public float[] Similarities { get; }

    /// <summary>|q_i|.</summary>
    public double[] QueryNorms { get; }

    /// <summary>Σ|q_i|.</summary>
    public double QueryNormSum { get; }

    /// <summary>The length of the longest centroid.</summary>
    public double MaxCentroidNorm { get; }

    /// <summary>How much a float32 MaxSim may err, relative to the lengths of the rows.</summary>
    public double RoundingError { get; }

    /// <summary>[K][width] with whole runs of 16 query rows, as <see cref="CodeMaxima"/> reads it; what fills a run is 0.</summary>
    public float[] Transpose(int width)
    {
        float[] transposed = new float[checked(CodeCount * width)];
        for (int first = 0; first < CodeCount; first += TransposeLength)
        {
            // So few codes that their part of the table stays in the L1 cache for all query rows.
            Span<float> part = transposed.AsSpan(first * width);
            int count = Math.Min(TransposeLength, CodeCount - first);
            for (int row = 0; row < QueryRowCount; row++)
            {
                ReadOnlySpan<float> similarities = Similarities.AsSpan((row * CodeCount) + first, count);
                for (int code = 0; code < similarities.Length; code++)
                {
                    part[(code * width) + row] = similarities[code];
                }
            }
        }

        return transposed;
    }

    /// <summary>
    /// Bounds ⟨q_i, d⟩ / (|q_i| |d|) for every row d whose centroid has at most the given similarity with q_i, and at least the given
    /// cosine with d.
    /// </summary>
    /// <remarks>
    /// Angles add up at most: with θ between q_i and the centroid and φ between d and the centroid, the cosine of q_i and d is at most
    /// cos(θ - φ), and 1 when θ ≤ φ. This is never weaker than the distance of d from its centroid, and much stronger where that is large.
    /// </remarks>
    public double GetCosineBound(int row, double similarity, double minCosine)
    {
        if (QueryNorms[row] == 0 || !double.IsFinite(similarity))
        {
            // A product beyond float32 says nothing.
            return QueryNorms[row] == 0 ? 0 : 1;
        }

        double cosine = Math.Max(-1, (similarity / QueryNorms[row]) + _cosineErrors[row]);
        if (cosine >= minCosine)
        {
            return 1;
        }

        return (cosine * minCosine) + Math.Sqrt((1 - (cosine * cosine)) * (1 - (minCosine * minCosine)));
    }

    /// <summary>The bound of a MaxSim whose query rows reach Σ|q_i| · cosine bound = <paramref name="weightedCosines"/>, negative ones left
    /// out.</summary>
    public float GetBound(double weightedCosines, Half maxNorm)
    {
        double bound = QueryNormSum == 0 ? 0 : (weightedCosines + (RoundingError * QueryNormSum)) * (double)maxNorm;
        return Rounding.Up(bound * (1 + RoundingError));
    }

    private void Fill(Codebook codebook, MultiVectorView query, CodeSimilarity similarity, int threads)
    {
        if (similarity == CodeSimilarity.Query)
        {
            codebook.Centroids.Multiply(query.Values, Similarities, threads);
            return;
        }

        int[] queryCodes = codebook.Encode(query.Values);
        for (int row = 0; row < QueryRowCount; row++)
        {
            Span<float> values = Similarities.AsSpan(row * CodeCount, CodeCount);
            for (int code = 0; code < CodeCount; code++)
            {
                int differing = BitOperations.PopCount((uint)(code ^ queryCodes[row]));
                values[code] = 1 - (2f * differing / CodeIds.GetBitCount(CodeCount));
            }
        }
    }
}
