using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>A row as its centroid and, per dimension, 2 or 4 bits that name a level of what the centroid leaves.</summary>
/// <remarks>
/// <para>Scored without restoring rows: ⟨q, C + w⟩ = ⟨q, C⟩ + Σ_k q_k w_k[b_k], a table of products per query. With 2 bits a look-up serves two
/// dimensions.</para>
/// <para>Sources: Santhanam et al., ColBERTv2, arXiv:2112.01488 (the codec); Scheerer et al., WARP, arXiv:2501.17788 (the table). Other than there,
/// levels belong to a dimension and are means of what they stand for, and restored rows are not normalised.</para>
/// </remarks>
internal sealed class ResidualCodec : NibbleCodec
{
    private readonly float[] _centroidValues;
    private readonly Centroids _centroids;
    private readonly ResidualLevels _levels;
    private readonly int _bits;

    /// <summary>A codec of trained centroids and levels.</summary>
    public ResidualCodec(CodecSpec spec, int dimension, float[] centroids, ResidualLevels levels)
        : base(spec, dimension, GetTableCount(dimension, levels.Bits), centroids.Length / dimension)
    {
        _centroidValues = centroids;
        _centroids = new Centroids(dimension, centroids, isSpherical: false);
        _levels = levels;
        _bits = levels.Bits;
    }

    /// <summary>Look-ups of a row: one per dimension with 4 bits, one per two dimensions with 2.</summary>
    public static int GetTableCount(int dimension, int bits) => ((dimension * bits) + 3) / 4;

    /// <inheritdoc/>
    public override byte[] WriteParameters()
    {
        byte[] parameters = new byte[sizeof(int) + ((_centroidValues.Length + _levels.Values.Length) * sizeof(float))];
        MemoryMarshal.Write(parameters, CentroidCount);
        Span<float> values = MemoryMarshal.Cast<byte, float>(parameters.AsSpan(sizeof(int)));
        _centroidValues.CopyTo(values);
        _levels.Values.CopyTo(values[_centroidValues.Length..]);
        return parameters;
    }

    /// <inheritdoc/>
    protected override void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<int> ids, Span<double> errors)
    {
        _centroids.FindNearest(rows, ids);
        codes.Clear();
        for (int row = 0; row < ids.Length; row++)
        {
            ReadOnlySpan<float> values = rows.Slice(row * Dimension, Dimension);
            ReadOnlySpan<float> centroid = _centroidValues.AsSpan(ids[row] * Dimension, Dimension);
            Span<byte> rowCodes = codes.Slice(row * TableCount, TableCount);
            double squared = 0;
            for (int k = 0; k < Dimension; k++)
            {
                int code = _levels.Find(k, values[k] - centroid[k]);
                double left = (double)values[k] - centroid[k] - _levels[k, code];
                squared += left * left;
                rowCodes[k * _bits / 4] |= (byte)(code << (k * _bits % 4));
            }

            errors[row] = Math.Sqrt(squared);
        }
    }

    /// <inheritdoc/>
    protected override void FillTables(MultiVectorView query, NibbleQuery tables)
    {
        float[] products = new float[checked(query.RowCount * CentroidCount)];
        _centroids.Multiply(query.Values, products);
        double[] values = new double[TableCount * NibbleLayout.CodeCount];
        for (int row = 0; row < query.RowCount; row++)
        {
            FillTables(query.Row(row), values);
            tables.Set(row, values, products.AsSpan(row * CentroidCount, CentroidCount));
        }
    }

    /// <inheritdoc/>
    protected override double GetStoredNorm()
    {
        double largest = 0;
        for (int id = 0; id < CentroidCount; id++)
        {
            largest = Math.Max(largest, Rounding.Norm(_centroidValues.AsSpan(id * Dimension, Dimension)));
        }

        return largest + _levels.LargestNorm;
    }

    private void FillTables(ReadOnlySpan<float> row, Span<double> tables)
    {
        int levelCount = 1 << _bits;
        for (int index = 0; index < TableCount; index++)
        {
            for (int code = 0; code < NibbleLayout.CodeCount; code++)
            {
                double value = 0;
                for (int shift = 0, k = index * 4 / _bits; shift < 4 && k < Dimension; shift += _bits, k++)
                {
                    value += (double)row[k] * _levels[k, (code >> shift) & (levelCount - 1)];
                }

                tables[(index * NibbleLayout.CodeCount) + code] = value;
            }
        }
    }
}
