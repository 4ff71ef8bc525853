using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>A row as its centroid and 2 or 4 bits a dimension for what the centroid leaves.</summary>
/// <remarks>
/// <para>Scored without restoring rows: ⟨q, C + Rᵀẑ⟩ = ⟨q, C⟩ + c Σ (Rq)_k w_k, a table of products per query, in which a look-up serves the one to
/// four parts that share 4 bits.</para>
/// <para>Sources: Santhanam et al., ColBERTv2, arXiv:2112.01488 (the codec); Scheerer et al., WARP, arXiv:2501.17788 (the table). Other than there,
/// residuals are rotated to their principal components, bits go where they help most, rows have a scale each, and restored rows are not
/// normalised.</para>
/// </remarks>
internal sealed class ResidualCodec : NibbleCodec
{
    /// <summary>What parameters begin with. Those of version 1 began with the number of centroids.</summary>
    public const int Version = -2;

    private readonly float[] _centroidValues;
    private readonly Centroids _centroids;
    private readonly Lazy<GroupedCentroids>? _groups;
    private readonly ResidualModel _model;

    /// <summary>A codec of trained centroids and levels.</summary>
    public ResidualCodec(CodecSpec spec, int dimension, float[] centroids, int bits, ResidualModel model)
        : base(spec, dimension, ResidualPart.GetCodeCount(dimension * bits), centroids.Length / dimension)
    {
        _centroidValues = centroids;
        _centroids = new Centroids(dimension, centroids, isSpherical: false);
        _groups = CentroidCount < GroupedCentroids.MinCount ? null : new(() => new GroupedCentroids(dimension, centroids, isSpherical: false));
        _model = model;
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters()
    {
        byte[] header = new byte[2 * sizeof(int)];
        MemoryMarshal.Write(header, Version);
        MemoryMarshal.Write(header.AsSpan(sizeof(int)), CentroidCount);
        return
        [
            .. header, .. MemoryMarshal.AsBytes(_centroidValues.AsSpan()), .. MemoryMarshal.AsBytes(_model.Rotation.AsSpan()),
            .. MemoryMarshal.AsBytes(_model.Deviations.AsSpan()), .. _model.BitCounts, .. MemoryMarshal.AsBytes(_model.Levels.AsSpan()),
        ];
    }

    /// <inheritdoc/>
    protected override void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<int> ids, Span<byte> scales, Span<double> errors)
    {
        FindNearest(rows, ids);
        float[] residuals = new float[rows.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            int offset = row * Dimension;
            TensorPrimitives.Subtract(
                rows.Slice(offset, Dimension), _centroidValues.AsSpan(ids[row] * Dimension, Dimension), residuals.AsSpan(offset, Dimension));
        }

        float[] rotated = new float[rows.Length];
        _model.Directions.Multiply(residuals, rotated);
        codes.Clear();
        ResidualEncoder encoder = new(_model);
        for (int row = 0; row < ids.Length; row++)
        {
            Span<float> values = rotated.AsSpan(row * Dimension, Dimension);
            scales[row] = encoder.Encode(values, codes.Slice(row * TableCount, TableCount));
            encoder.Restored.CopyTo(values);
        }

        // Rotated back, so that the error holds whatever the rotation does.
        float[] restored = new float[rows.Length];
        _model.Inverse.Multiply(rotated, restored);
        double rounding = Rounding.Gamma(Dimension + 4) * Math.Sqrt(Dimension) * _model.Stretch;
        for (int row = 0; row < ids.Length; row++)
        {
            // The residual is rounded once, and so are the levels' sums and products.
            int offset = row * Dimension;
            ReadOnlySpan<float> residual = residuals.AsSpan(offset, Dimension);
            double slack = (rounding * Rounding.Norm(rotated.AsSpan(offset, Dimension))) + (Rounding.Unit * Rounding.Norm(residual));
            errors[row] = Rounding.Distance(residual, restored.AsSpan(offset, Dimension)) + slack;
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

        return largest + _model.LargestNorm;
    }

    private void FindNearest(ReadOnlySpan<float> rows, Span<int> ids)
    {
        if (_groups is null)
        {
            _centroids.FindNearest(rows, ids);
        }
        else
        {
            _groups.Value.FindNearest(rows, ids);
        }
    }

    // What each code is worth in a row of the scale that counts once.
    private void FillTables(ReadOnlySpan<float> row, Span<double> tables)
    {
        tables.Clear();
        foreach (ResidualPart part in _model.Parts)
        {
            double value = 0;
            ReadOnlySpan<float> direction = _model.Rotation.AsSpan(part.Coordinate * Dimension, Dimension);
            for (int k = 0; k < direction.Length; k++)
            {
                value += (double)direction[k] * row[k];
            }

            value *= TableRounding.ScaleUnit;
            Span<double> table = tables.Slice(part.Code * NibbleLayout.CodeCount, NibbleLayout.CodeCount);
            for (int code = 0; code < NibbleLayout.CodeCount; code++)
            {
                table[code] += value * _model.Levels[part.FirstLevel + ((code >> part.Shift) & (part.LevelCount - 1))];
            }
        }
    }
}
