using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ann;

/// <summary>The nodes of a graph to be: rows in seeded random order, those with equal codes collapsed into one node.</summary>
/// <remarks>
/// Equal rows would fill each other's links and shut the rest of the graph out. Random order makes the first nodes a sample of all,
/// which is where walks begin, and keeps sorted input from building a chain.
/// </remarks>
internal sealed unsafe class GraphNodes : IDisposable
{
    private readonly NativeBlock _memory;

    private GraphNodes(NativeBlock memory, NodeTable table)
    {
        _memory = memory;
        Table = table;
    }

    public NodeTable Table { get; }

    public int Count { get; private set; }

    /// <summary>The first of <see cref="Rows"/> of each node, then the number of rows.</summary>
    public int[] RowOffsets { get; private set; } = [];

    /// <summary>Row indexes by node, ascending within a node.</summary>
    public int[] Rows { get; private set; } = [];

    public void Dispose() => _memory.Dispose();

    /// <summary>The node of each row.</summary>
    public int[] GetNodeOfRow()
    {
        int[] nodeOfRow = new int[Rows.Length];
        for (int node = 0; node < Count; node++)
        {
            foreach (int row in Rows.AsSpan(RowOffsets[node]..RowOffsets[node + 1]))
                nodeOfRow[row] = node;
        }

        return nodeOfRow;
    }

    /// <exception cref="ArgumentException">A row has a value that is NaN or infinite.</exception>
    public static GraphNodes Create(RowReader read, int rowCount, RowCodec codec, int maxDegree, int seed, ParallelOptions parallel)
    {
        int stride = NodeTable.GetStride(codec.CodeLength, maxDegree);
        NativeBlock memory = new((long)rowCount * stride);
        NodeTable table = new(memory.Start, stride, codec.CodeLength, maxDegree);
        int[] order = new int[rowCount];
        for (int i = 0; i < rowCount; i++)
            order[i] = i;

        new Random(seed).Shuffle(order);
        const int RangeLength = 256;
        Parallel.For(0, (rowCount + RangeLength - 1) / RangeLength, parallel, range =>
        {
            float[] row = new float[codec.Mean.Length];
            float[] rotated = new float[codec.CodeLength];
            for (int i = range * RangeLength; i < Math.Min(rowCount, (range + 1) * RangeLength); i++)
            {
                read(order[i], row);
                if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(row)))
                    throw new ArgumentException($"Row {order[i]} has a value that is NaN or infinite.", nameof(read));

                codec.Rotate(row, rotated);
                codec.Encode(rotated, table, i);
            }
        });

        GraphNodes nodes = new(memory, table);
        nodes.Collapse(order, stride);
        return nodes;
    }

    // Moves the first of every group of equal records forward and sorts the rows of each node.
    private void Collapse(int[] order, int stride)
    {
        int[] nodeOf = new int[order.Length];
        Dictionary<ulong, int> firstWithHash = new(order.Length);
        int[] nextWithHash = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ReadOnlySpan<byte> record = GetContent(i);
            ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(firstWithHash, Hash(record), out bool exists);
            int node = exists ? first : -1;
            while (node >= 0 && !GetContent(node).SequenceEqual(record))
                node = nextWithHash[node];

            if (node < 0)
            {
                node = Count++;
                nextWithHash[node] = exists ? first : -1;
                first = node;
                if (node != i)
                    Buffer.MemoryCopy(Table.GetRecord(i), Table.GetRecord(node), stride, stride);
            }

            nodeOf[i] = node;
        }

        RowOffsets = new int[Count + 1];
        Rows = new int[order.Length];
        foreach (int node in nodeOf)
            RowOffsets[node + 1]++;

        for (int node = 0; node < Count; node++)
            RowOffsets[node + 1] += RowOffsets[node];

        int[] filled = RowOffsets[..^1];
        for (int i = 0; i < order.Length; i++)
            Rows[filled[nodeOf[i]]++] = order[i];

        for (int node = 0; node < Count; node++)
            Rows.AsSpan(RowOffsets[node]..RowOffsets[node + 1]).Sort();
    }

    private ReadOnlySpan<byte> GetContent(int node) => new(Table.GetRecord(node), Table.CodeLength + (2 * sizeof(float)));

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
            hash = (ulong.RotateLeft(hash, 23) ^ word) * 0x9E3779B97F4A7C15;

        return hash;
    }
}
