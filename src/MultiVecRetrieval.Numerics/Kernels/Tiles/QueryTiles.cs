using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>The rows of a query in the order in which a kernel reads them: tiles of a few rows, each [step][row], then the rows'
/// offsets.</summary>
internal sealed class QueryTiles
{
    private readonly byte[] _steps;
    private readonly int _rowSize;

    /// <summary>Lays out <paramref name="query"/>, in tiles of equal height or one less, none above <paramref name="maxHeight"/>.</summary>
    public QueryTiles(MultiVectorView query, RowFormat format, int maxHeight)
    {
        bool isInt8 = format == RowFormat.Int8;
        StepCount = isInt8 ? (query.Dimension + Int8Query.StepLength - 1) / Int8Query.StepLength : query.Dimension;
        int stepSize = isInt8 ? Int8Query.StepSize : sizeof(float);
        _rowSize = checked((StepCount + 1) * stepSize);
        _steps = new byte[checked(query.RowCount * _rowSize)];
        Scales = new double[query.RowCount];
        Heights = Divide(query.RowCount, maxHeight);
        int firstRow = 0;
        foreach (int height in Heights)
        {
            Span<byte> tile = _steps.AsSpan(firstRow * _rowSize, height * _rowSize);
            for (int row = 0; row < height; row++)
            {
                ReadOnlySpan<float> values = query.Row(firstRow + row);
                Scales[firstRow + row] = isInt8 ? WriteInt8(values, tile, row, height) : WriteFloat32(values, tile, row, height);
            }

            firstRow += height;
        }
    }

    /// <summary>Rows per tile, in the order of the rows.</summary>
    public int[] Heights { get; }

    /// <summary>Per row, what its best lane is multiplied with.</summary>
    public double[] Scales { get; }

    /// <summary>Steps of a row: d, or ⌈d/8⌉ for Int8, where values after d are zeros.</summary>
    public int StepCount { get; }

    /// <summary>The tile whose first row is <paramref name="firstRow"/>.</summary>
    public ref byte this[int firstRow]
    {
        get
        {
            Debug.Assert(firstRow < Scales.Length, "A tile starts at a row.");
            return ref _steps[firstRow * _rowSize];
        }
    }

    private static int[] Divide(int rowCount, int maxHeight)
    {
        int[] heights = new int[(rowCount + maxHeight - 1) / maxHeight];
        for (int tile = 0; tile < heights.Length; tile++)
        {
            heights[tile] = (rowCount / heights.Length) + (tile < rowCount % heights.Length ? 1 : 0);
        }

        return heights;
    }

    private static double WriteFloat32(ReadOnlySpan<float> values, Span<byte> tile, int row, int height)
    {
        Span<float> steps = MemoryMarshal.Cast<byte, float>(tile);
        for (int k = 0; k < values.Length; k++)
        {
            steps[(k * height) + row] = values[k];
        }

        return 1;
    }

    private double WriteInt8(ReadOnlySpan<float> values, Span<byte> tile, int row, int height)
    {
        sbyte[] codes = new sbyte[values.Length];
        double scale = Int8Query.Quantize(values, codes);
        for (int k = 0; k < codes.Length; k++)
        {
            int step = k / Int8Query.StepLength;
            tile[(((step * height) + row) * Int8Query.StepSize) + (k % Int8Query.StepLength)] = (byte)codes[k];
        }

        BinaryPrimitives.WriteInt32LittleEndian(tile[(((StepCount * height) + row) * Int8Query.StepSize)..], Int8Query.GetOffset(codes));
        return scale;
    }
}
