using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>A row as its centroid and 2 or 4 bits a dimension for what the centroid leaves.</summary>
/// <remarks>
/// <para>Scored without restoring rows: ⟨q, C + Rᵀẑ⟩ = ⟨q, C⟩ + c Σ (Rq)_k w_k, a table of products per query, in which a look-up serves
/// the one to four parts that share 4 bits.</para>
/// <para>Sources: Santhanam et al., ColBERTv2, arXiv:2112.01488 (the codec); Scheerer et al., WARP, arXiv:2501.17788 (the table). Other
/// than there, residuals are rotated to their principal components, bits go where they help most, rows have a scale each, and restored rows
/// are not normalised.</para>
/// </remarks>
internal sealed class ResidualCodec : NibbleCodec
{
    /// <summary>What parameters begin with. Those of version 1 began with the number of centroids.</summary>
    public const int Version = -2;

    // Rows whose residuals stay in the cache from one step to the next.
    private const int PanelRowCount = 192;

    private readonly float[] _centroidValues;
    private readonly Centroids _centroids;
    private readonly Lazy<GroupedCentroids>? _groups;
    private readonly Lazy<ScreenedCentroids?> _screen;
    private readonly ResidualModel _model;

    /// <summary>A codec of trained centroids and levels.</summary>
    public ResidualCodec(CodecSpec spec, int dimension, float[] centroids, int bits, ResidualModel model)
        : base(spec, dimension, ResidualPart.GetCodeCount(dimension * bits), centroids.Length / dimension)
    {
        _centroidValues = centroids;
        _centroids = new Centroids(dimension, centroids, isSpherical: false);
        _groups = CentroidCount < GroupedCentroids.MinCount
            ? null
            : new(() => new GroupedCentroids(dimension, centroids, isSpherical: false));
        _screen = new(() => ScreenedCentroids.Create(_centroids, centroids));
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
        ResidualEncoder encoder = new(_model, TableCount);
        float[] residuals = new float[Math.Min(ids.Length, PanelRowCount) * Dimension];
        float[] rotated = new float[residuals.Length];
        float[] restored = new float[residuals.Length];
        for (int first = 0; first < ids.Length; first += PanelRowCount)
        {
            int count = Math.Min(PanelRowCount, ids.Length - first);
            Span<float> left = residuals.AsSpan(0, count * Dimension);
            Span<float> turned = rotated.AsSpan(0, left.Length);
            Subtract(rows.Slice(first * Dimension, left.Length), ids.Slice(first, count), left);
            _model.Directions.Multiply(left, turned);
            for (int row = 0; row < count; row += ResidualEncoder.LaneCount)
            {
                int lanes = Math.Min(ResidualEncoder.LaneCount, count - row);
                encoder.Encode(
                    turned.Slice(row * Dimension, lanes * Dimension), codes.Slice((first + row) * TableCount, lanes * TableCount),
                        scales.Slice(first + row, lanes));
            }

            // Rotated back, so that the error holds whatever the rotation does.
            _model.Inverse.Multiply(turned, restored.AsSpan(0, left.Length));
            MeasureErrors(left, turned, restored.AsSpan(0, left.Length), errors.Slice(first, count));
        }
    }

    private void Subtract(ReadOnlySpan<float> rows, ReadOnlySpan<int> ids, Span<float> residuals)
    {
        for (int row = 0; row < ids.Length; row++)
        {
            int offset = row * Dimension;
            TensorPrimitives.Subtract(
                rows.Slice(offset, Dimension), _centroidValues.AsSpan(ids[row] * Dimension, Dimension), residuals.Slice(offset, Dimension));
        }
    }

    // The distance of residuals from what is restored of them, and what rounding may add to it.
    private void MeasureErrors(ReadOnlySpan<float> residuals, ReadOnlySpan<float> turned, ReadOnlySpan<float> restored, Span<double> errors)
    {
        double rounding = Rounding.Gamma(Dimension + 4) * Math.Sqrt(Dimension) * _model.Stretch;
        float[] x = new float[ResidualEncoder.LaneCount * Dimension];
        float[] y = new float[x.Length];
        Span<double> turnedNorms = stackalloc double[ResidualEncoder.LaneCount];
        Span<double> residualNorms = stackalloc double[ResidualEncoder.LaneCount];
        Span<double> distances = stackalloc double[ResidualEncoder.LaneCount];
        for (int row = 0; row < errors.Length; row += ResidualEncoder.LaneCount)
        {
            int count = Math.Min(ResidualEncoder.LaneCount, errors.Length - row);
            Range range = (row * Dimension)..((row + count) * Dimension);
            RowLanes.Load(turned[range], Dimension, x);
            RowLanes.GetNorms(x, turnedNorms);
            RowLanes.Load(residuals[range], Dimension, x);
            RowLanes.Load(restored[range], Dimension, y);
            RowLanes.GetNorms(x, residualNorms);
            RowLanes.GetDistances(x, y, distances);
            for (int lane = 0; lane < count; lane++)
            {
                // The residual is rounded once, and so are the levels' sums and products.
                double slack = (rounding * turnedNorms[lane]) + (Rounding.Unit * residualNorms[lane]);
                errors[row + lane] = distances[lane] + slack;
            }
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
        if (_groups is not null)
        {
            _groups.Value.FindNearest(rows, ids);
        }
        else if (_screen.Value is { } screen)
        {
            screen.FindNearest(rows, ids);
        }
        else
        {
            _centroids.FindNearest(rows, ids);
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
