using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>
/// What a head does to a row: x, or its affine image where the input is of another space; then block after block. The same bits at
/// every instruction set and number of threads. Thread-safe.
/// </summary>
internal sealed class RowTransform
{
    private const int HeaderSize = 16;
    private const int MaxDimension = 8_192;
    private const int MaxBlockCount = 64;
    // Rows transformed at a time: the hidden layer then stays small.
    private const int RowRun = 1_024;

    private readonly Matrix? _map;
    private readonly float[] _offset;
    private readonly FrozenBlock[] _blocks;

    /// <param name="outputDimension">d of the rows that come out.</param>
    /// <param name="map">[input × output], null for the identity.</param>
    /// <param name="offset">[output], added after <paramref name="map"/>; empty without one.</param>
    /// <param name="blocks">Of the output's dimension.</param>
    public RowTransform(int outputDimension, Matrix? map, float[] offset, FrozenBlock[] blocks)
    {
        OutputDimension = outputDimension;
        InputDimension = map?.Rows ?? outputDimension;
        _map = map;
        _offset = offset;
        _blocks = blocks;
    }

    /// <summary>Length of a row that goes in.</summary>
    public int InputDimension { get; }

    /// <summary>Length of a row that comes out.</summary>
    public int OutputDimension { get; }

    /// <summary>True when every row comes out as it goes in.</summary>
    public bool IsIdentity => _map is null && _blocks.Length == 0;

    /// <summary>True when rows come from another space.</summary>
    public bool HasMap => _map is not null;

    /// <summary>True when it has trained blocks.</summary>
    public bool HasBlocks => _blocks.Length > 0;

    /// <summary>The same transform with more blocks after it.</summary>
    public RowTransform Append(FrozenBlock[] blocks) => new(OutputDimension, _map, _offset, [.. _blocks, .. blocks]);

    /// <summary>The rows, transformed: [rows × <see cref="OutputDimension"/>].</summary>
    public float[] Apply(ReadOnlySpan<float> rows, int threads = 1)
    {
        int count = rows.Length / InputDimension;
        if (IsIdentity)
        {
            return rows.ToArray();
        }

        float[] transformed = new float[count * OutputDimension];
        for (int first = 0; first < count; first += RowRun)
        {
            int length = Math.Min(RowRun, count - first);
            Matrix values = new(length, InputDimension, rows.Slice(first * InputDimension, length * InputDimension).ToArray());
            values = Map(values, threads);
            foreach (FrozenBlock block in _blocks)
            {
                block.Apply(values, threads);
            }

            values.Span.CopyTo(transformed.AsSpan(first * OutputDimension));
        }

        return transformed;
    }

    /// <summary>As docs/format.md describes it.</summary>
    public byte[] Write()
    {
        List<float[]> parts = [];
        if (_map is not null)
        {
            parts.Add([.. _map.Span]);
            parts.Add(_offset);
        }

        foreach (FrozenBlock block in _blocks)
        {
            parts.AddRange([[.. block.Weights1.Span], block.Offset1, [.. block.Weights2.Span], block.Offset2]);
        }

        int hidden = _blocks.Length == 0 ? 0 : _blocks[0].Offset1.Length;
        byte[] bytes = new byte[HeaderSize + (parts.Sum(part => part.Length) * sizeof(float))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, InputDimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), _map is null ? 0 : 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), _blocks.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), hidden);
        int offset = HeaderSize;
        foreach (float[] part in parts)
        {
            MemoryMarshal.AsBytes(part.AsSpan()).CopyTo(bytes.AsSpan(offset));
            offset += part.Length * sizeof(float);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote for rows of <paramref name="outputDimension"/> values.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static RowTransform Read(int outputDimension, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            throw new InvalidDataException($"A transform takes at least {HeaderSize} bytes, {bytes.Length} were given.");
        }

        int input = BinaryPrimitives.ReadInt32LittleEndian(bytes), mapped = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int blockCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), hidden = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (input is < 1 or > MaxDimension || outputDimension is < 1 or > MaxDimension || mapped is not (0 or 1)
            || (mapped == 0 && input != outputDimension) || blockCount is < 0 or > MaxBlockCount
            || hidden < 0 || hidden > 16 * MaxDimension || (blockCount == 0) != (hidden == 0))
        {
            throw new InvalidDataException(
                $"This is no transform to d = {outputDimension}: from d = {input}, map {mapped}, {blockCount} blocks of {hidden}.");
        }

        long perBlock = (2L * outputDimension * hidden) + hidden + outputDimension;
        long expected = HeaderSize + (sizeof(float) * ((mapped * ((long)input + 1) * outputDimension) + (blockCount * perBlock)));
        if (bytes.Length != expected)
        {
            throw new InvalidDataException($"The transform takes {expected} bytes, {bytes.Length} were given.");
        }

        float[] values = MemoryMarshal.Cast<byte, float>(bytes[HeaderSize..]).ToArray();
        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            throw new InvalidDataException($"Value {wrong} of the transform is {values[wrong]}.");
        }

        int next = 0;
        float[] Take(int count) => values[next..(next += count)];
        Matrix? map = mapped == 1 ? new Matrix(input, outputDimension, Take(input * outputDimension)) : null;
        float[] offset = mapped == 1 ? Take(outputDimension) : [];
        FrozenBlock[] blocks = new FrozenBlock[blockCount];
        for (int i = 0; i < blockCount; i++)
        {
            Matrix weights1 = new(outputDimension, hidden, Take(outputDimension * hidden));
            float[] offset1 = Take(hidden);
            Matrix weights2 = new(hidden, outputDimension, Take(hidden * outputDimension));
            blocks[i] = new FrozenBlock(weights1, offset1, weights2, Take(outputDimension));
        }

        return new RowTransform(outputDimension, map, offset, blocks);
    }

    private Matrix Map(Matrix values, int threads)
    {
        if (_map is null)
        {
            return values;
        }

        Matrix mapped = new(values.Rows, OutputDimension);
        for (int row = 0; row < mapped.Rows; row++)
        {
            _offset.CopyTo(mapped[row]);
        }

        Gemm.Multiply(values, false, _map, false, mapped, accumulate: true, threads: threads);
        return mapped;
    }
}
