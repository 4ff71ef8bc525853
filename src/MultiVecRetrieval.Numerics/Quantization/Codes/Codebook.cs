using System.Buffers.Binary;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Centroids by which rows are named: the code of a row is the index of its nearest centroid. Immutable and thread-safe.</summary>
public sealed class Codebook
{
    /// <summary>The most centroids: a code takes two bytes at most.</summary>
    public const int MaxCount = 65_536;

    /// <summary>The most centroids whose codes take one byte.</summary>
    public const int MaxByteCount = 256;

    // A code is a candidate stage, to which the second nearest centroid is nearly as good: six of the 128 groups of 16,384 centroids give
    // 94 rows of 100 the nearest one, in a quarter of the time of 24.
    private const int MinProbeCount = 6;
    private const int CentroidsPerProbe = 2_730;

    private readonly float[] _values;
    private readonly Lazy<GroupedCentroids>? _groups;
    private readonly Lazy<ScreenedCentroids?> _screen;
    private readonly Lazy<(double Max, double Deviation)> _lengths;

    /// <summary>A codebook of given centroids.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="values">1 to 65,536 finite centroids, [K × d] row-major.</param>
    /// <param name="isSpherical">Whether a row belongs to the centroid of the greatest inner product, or to the one at the least
    /// distance.</param>
    /// <exception cref="ArgumentException">There are none or too many centroids, no whole number of them, or a value is not
    /// finite.</exception>
    public Codebook(int dimension, float[] values, bool isSpherical)
    {
        ArgumentNullException.ThrowIfNull(values);
        Centroids = new Centroids(dimension, values, isSpherical);
        if (Centroids.Count > MaxCount)
        {
            throw new ArgumentException($"A codebook has at most {MaxCount} centroids, {Centroids.Count} were given.", nameof(values));
        }

        _values = values;
        _lengths = new(MeasureLengths);
        _screen = new(() => ScreenedCentroids.Create(Centroids, values));
        _groups = Count < GroupedCentroids.MinCount
            ? null
            : new(() => new GroupedCentroids(dimension, values, isSpherical, GetProbeCount(Count)));
    }

    /// <summary>d, the length of a centroid.</summary>
    public int Dimension => Centroids.Dimension;

    /// <summary>K, the number of centroids.</summary>
    public int Count => Centroids.Count;

    /// <summary>Finds nearest centroids and inner products.</summary>
    public Centroids Centroids { get; }

    /// <summary>The centroids, [K × d] row-major.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Bytes of a code: 1 up to 256 centroids, else 2.</summary>
    public int CodeSizeInBytes => Count <= MaxByteCount ? 1 : 2;

    /// <summary>The centroid of a code.</summary>
    public ReadOnlySpan<float> this[int code] => _values.AsSpan(code * Dimension, Dimension);

    /// <summary>The codes of rows, one per row.</summary>
    /// <param name="rows">Finite rows, [rows × d].</param>
    /// <returns>Codes in [0, K).</returns>
    /// <remarks>
    /// From 8,192 centroids on, rows are compared with those of the groups that are nearest, and a few get the code of their second
    /// nearest. Which ones depends on the row and the codebook alone.
    /// </remarks>
    public int[] Encode(ReadOnlySpan<float> rows)
    {
        int[] codes = new int[rows.Length / Dimension];
        if (_groups is not null)
        {
            _groups.Value.FindNearest(rows, codes);
        }
        else if (_screen.Value is { } screen)
        {
            screen.FindNearest(rows, codes);
        }
        else
        {
            Centroids.FindNearest(rows, codes);
        }

        return codes;
    }

    /// <summary>The length of the longest centroid, and the most by which one that is not zero differs from 1.</summary>
    internal (double Max, double Deviation) Lengths => _lengths.Value;

    /// <summary>Groups of centroids that a row is compared with.</summary>
    internal static int GetProbeCount(int centroidCount) => Math.Max(MinProbeCount, centroidCount / CentroidsPerProbe);

    /// <summary>Writes the centroids: float32, little-endian.</summary>
    internal void Write(Span<byte> destination)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(destination[(i * sizeof(float))..], _values[i]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    internal static Codebook Read(int dimension, ReadOnlySpan<byte> source, bool isSpherical)
    {
        float[] values = new float[source.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(i * sizeof(float))..]);
        }

        return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values))
            ? new Codebook(dimension, values, isSpherical)
            : throw new InvalidDataException("A centroid has a value that is NaN or infinite.");
    }

    /// <summary>Rows less the centroids of their codes.</summary>
    internal float[] GetResiduals(ReadOnlySpan<float> rows, ReadOnlySpan<int> codes)
    {
        float[] residuals = new float[rows.Length];
        for (int row = 0; row < codes.Length; row++)
        {
            int offset = row * Dimension;
            TensorPrimitives.Subtract(rows.Slice(offset, Dimension), this[codes[row]], residuals.AsSpan(offset, Dimension));
        }

        return residuals;
    }

    private (double Max, double Deviation) MeasureLengths()
    {
        double max = 0;
        double deviation = 0;
        for (int code = 0; code < Count; code++)
        {
            double norm = Rounding.Norm(this[code]);
            max = Math.Max(max, norm);
            deviation = Math.Max(deviation, norm > 0 ? Math.Abs(norm - 1) : 0);
        }

        return (max, deviation);
    }
}
