using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>An entry as the linear function of random features that comes closest to g(x) = max_j ⟨x, d_j⟩ over sample rows x.</summary>
/// <remarks>
/// <para>The sum over the rows of a query is then one inner product of the sum of their features. With features Ψ of the sample, A = ΨᵀΨ +
/// λI = L Lᵀ and y = g(sample) less its mean b, the weights are A⁻¹ Ψᵀ y; here both sides are multiplied with L⁻¹, so that values are of
/// one size and survive rounding to bytes: an entry is z = L⁻¹ Ψᵀ y and a query L⁻¹ Σ ψ(q_i); b is added once per query row.</para>
/// <para>Source: Jääsaari et al., LEMUR, arXiv:2601.21853, in its form without training of the features.</para>
/// </remarks>
internal sealed class LemurCodec : SingleVectorCodec
{
    private readonly LemurFeatures _features;
    private readonly float[] _sample;
    private readonly Cholesky _factor;
    private readonly Lazy<float[]> _sampleFeatures;

    /// <summary>A codec of given features.</summary>
    /// <param name="spec">What it was made from.</param>
    /// <param name="dimension">d.</param>
    /// <param name="features">ψ.</param>
    /// <param name="sample">The sample rows, [rows × d].</param>
    /// <param name="factor">L.</param>
    public LemurCodec(CodecSpec spec, int dimension, LemurFeatures features, float[] sample, Cholesky factor)
        : base(spec, dimension, features.Count)
    {
        _features = features;
        _sample = sample;
        _factor = factor;
        _sampleFeatures = new Lazy<float[]>(() => _features.Compute(_sample));
    }

    /// <inheritdoc/>
    public override bool HasOffset => true;

    /// <inheritdoc/>
    public override byte[] WriteParameters()
    {
        byte[] count = new byte[sizeof(int)];
        MemoryMarshal.Write(count, _sample.Length / Dimension);
        return
        [
            .. count, .. MemoryMarshal.AsBytes(_features.Weights.AsSpan()), .. MemoryMarshal.AsBytes(_features.Mean.AsSpan()),
            .. MemoryMarshal.AsBytes(_sample.AsSpan()), .. MemoryMarshal.AsBytes(_factor.Rows),
        ];
    }

    /// <inheritdoc/>
    public override float EncodeEntry(MultiVectorView rows, Span<float> vector)
    {
        int sampleCount = _sample.Length / Dimension;
        float[] maxima = new float[sampleCount];
        new Centroids(Dimension, rows.Values, isSpherical: true).FindNearest(_sample, new int[sampleCount], maxima);
        double sum = 0;
        foreach (float maximum in maxima)
        {
            sum += maximum;
        }

        double mean = sum / sampleCount;
        double[] products = new double[Length];
        for (int row = 0; row < sampleCount; row++)
        {
            RowOperations.AddScaled(maxima[row] - mean, _sampleFeatures.Value.AsSpan(row * Length, Length), products);
        }

        Solve(products, vector);
        return (float)mean;
    }

    /// <inheritdoc/>
    public override void EncodeQuery(MultiVectorView query, Span<float> vector)
    {
        float[] features = _features.Compute(query.Values);
        double[] sums = new double[Length];
        for (int row = 0; row < query.RowCount; row++)
        {
            RowOperations.AddScaled(1.0, features.AsSpan(row * Length, Length), sums);
        }

        Solve(sums, vector);
    }

    private void Solve(Span<double> values, Span<float> solution)
    {
        _factor.SolveLower(values);
        for (int k = 0; k < values.Length; k++)
        {
            solution[k] = (float)values[k];
        }
    }
}
