using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.Quantization.Bits;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Bits;

/// <summary>Reads a chunk bit by bit, as docs/format.md describes it, and scores it by the formulas, one number at a time.</summary>
internal sealed class BitsDefinition
{
    private readonly BitsModel _model;
    private readonly byte[] _chunk;
    private readonly int _sides;
    private readonly int _planes;

    public BitsDefinition(BitsCodec codec, byte[] chunk, int entryCount)
    {
        _model = codec.Model;
        _chunk = chunk;
        RowCount = BinaryPrimitives.ReadInt32LittleEndian(chunk);
        bool hasOffsets = (chunk[4] & 1) != 0;
        RowOffsets = hasOffsets
            ? [.. Enumerable.Range(0, entryCount + 1).Select(i => BinaryPrimitives.ReadInt32LittleEndian(chunk.AsSpan(16 + (4 * i))))]
            : [.. Enumerable.Range(0, entryCount + 1)];
        _sides = AlignUp(16 + (hasOffsets ? 4 * (entryCount + 1) : 0));
        _planes = AlignUp(_sides + (BlockCount * SideSize));
    }

    public int RowCount { get; }

    public int[] RowOffsets { get; }

    private int BlockCount => (RowCount + 63) / 64;

    private int SideSize => 64 * (_model.HasBias ? 5 : 3);

    public float Factor(int row) => (float)BinaryPrimitives.ReadHalfLittleEndian(Side(row)[(2 * (row % 64))..]);

    public float Bias(int row) =>
        _model.HasBias ? (float)BinaryPrimitives.ReadHalfLittleEndian(Side(row)[(128 + (2 * (row % 64)))..]) * _model.BiasUnit : 0;

    /// <summary>c_k: the odd integer of the first planes, 0 for a coordinate without bits.</summary>
    public int[] Levels(int row, int planeCount)
    {
        int[] levels = new int[_model.Dimension];
        int offset = _planes;
        for (int plane = 0; plane < planeCount; plane++)
        {
            int[] coordinates = [.. Enumerable.Range(0, _model.Dimension).Where(k => _model.BitCounts[k] > plane)];
            int size = (coordinates.Length + 7) / 8;
            int place = row % 64 < 32 ? 2 * (row % 64) : (2 * (row % 64)) - 63;
            for (int i = 0; i < coordinates.Length; i++)
            {
                int octet = _chunk[offset + (row / 64 * size * 64) + (i / 8 * 64) + place];
                int k = coordinates[i];
                levels[k] = (2 * levels[k]) + (((octet >> (i % 8)) & 1) == 1 ? 1 : -1);
            }

            offset += BlockCount * size * 64;
        }

        return levels;
    }

    /// <summary>The levels of each row and how much a level counts: f a_k / 2^(bits - 1).</summary>
    public double[] Restore(int row, int planeCount)
    {
        int[] levels = Levels(row, planeCount);
        double factor = (double)Factor(row) * _model.PlaneFactors[planeCount - 1];
        return [.. Enumerable.Range(0, levels.Length).Select(k =>
            levels[k] == 0 ? 0 : factor * _model.Amplitudes[k] * levels[k] / (1 << (Math.Min(planeCount, _model.BitCounts[k]) - 1)))];
    }

    /// <summary>R(q - m) in float64.</summary>
    public double[] Rotate(ReadOnlySpan<float> query)
    {
        int d = _model.Dimension;
        double[] rotated = new double[d];
        for (int k = 0; k < d; k++)
        {
            double value = query[k] - (_model.HasBias ? (double)_model.QueryMean[k] : 0);
            for (int i = 0; i < d; i++)
            {
                rotated[i] += value * _model.Rotation[(k * d) + i];
            }
        }

        return rotated;
    }

    /// <summary>⟨q, x⟩ as the codes have it, with a query that is not rounded.</summary>
    public double Estimate(double[] rotated, ReadOnlySpan<float> query, int row, int planeCount)
    {
        double[] restored = Restore(row, planeCount);
        double sum = Bias(row) + BitsSamples.Dot(query, _model.Mean);
        for (int k = 0; k < restored.Length; k++)
        {
            sum += rotated[k] * restored[k];
        }

        return sum;
    }

    private static int AlignUp(int offset) => (offset + 63) / 64 * 64;

    private ReadOnlySpan<byte> Side(int row) => _chunk.AsSpan(_sides + (row / 64 * SideSize), SideSize);
}
