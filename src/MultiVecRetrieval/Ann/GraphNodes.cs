using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ann;

/// <summary>The nodes of a graph to be: rows in seeded random order, those of which a node would keep the same collapsed into
/// one.</summary>
/// <remarks>
/// Equal rows would fill each other's links and shut the rest of the graph out. Random order makes the first nodes a sample of all,
/// which is where walks begin, and keeps sorted input from building a chain. A node is linked by the int8 codes of its first row.
/// </remarks>
internal sealed unsafe class GraphNodes : IDisposable
{
    private readonly NativeBlock _memory;
    private readonly NativeBlock _storedMemory;
    private readonly NodeTable _stored;
    private readonly HnswNodes _form;
    private readonly int _stride;
    private readonly int _storedStride;

    private GraphNodes(int rowCount, int codeLength, int maxDegree, HnswNodes form)
    {
        _form = form;
        _stride = NodeTable.GetStride(codeLength, maxDegree);
        _memory = new NativeBlock((long)rowCount * _stride);
        Table = new NodeTable(_memory.Start, _stride, codeLength, maxDegree);
        int storedLength = PlaneCodes.GetLength(form, codeLength);
        _storedStride = storedLength + NodeTable.HeadLength;
        _storedMemory = new NativeBlock(form == HnswNodes.Int8 ? 0 : (long)rowCount * _storedStride);
        _stored = form == HnswNodes.Int8 ? Table : new NodeTable(_storedMemory.Start, _storedStride, storedLength, 0);
    }

    /// <summary>What the graph is built on: int8 codes and links.</summary>
    public NodeTable Table { get; }

    /// <summary>Bytes of the codes that a node keeps.</summary>
    public int StoredCodeLength => _stored.CodeLength;

    public int Count { get; private set; }

    /// <summary>The first of <see cref="Rows"/> of each node, then the number of rows.</summary>
    public int[] RowOffsets { get; private set; } = [];

    /// <summary>Row indexes by node, ascending within a node.</summary>
    public int[] Rows { get; private set; } = [];

    public void Dispose()
    {
        _memory.Dispose();
        _storedMemory.Dispose();
    }

    /// <summary>Writes what a graph stores of a node, without neighbour codes: its own codes, then its links.</summary>
    public void Write(int node, Span<byte> record)
    {
        if (_form == HnswNodes.Int8)
        {
            new ReadOnlySpan<byte>(Table.GetRecord(node), _stride).CopyTo(record);
            return;
        }

        record.Clear();
        new ReadOnlySpan<byte>(_stored.GetRecord(node), _storedStride).CopyTo(record);
        MemoryMarshal.Write(record[(StoredCodeLength + (2 * sizeof(float)))..], Table.GetDegree(node));
        MemoryMarshal.AsBytes(new ReadOnlySpan<int>(Table.GetLinks(node), Table.GetDegree(node))).CopyTo(record[_storedStride..]);
    }

    /// <summary>The root mean square length of the centred rows of the nodes.</summary>
    public float GetRadius()
    {
        double sum = 0;
        for (int node = 0; node < Count; node++)
        {
            sum += Table.GetNorm(node);
        }

        return (float)Math.Sqrt(sum / Math.Max(1, Count));
    }

    /// <summary>The node of each row.</summary>
    public int[] GetNodeOfRow()
    {
        int[] nodeOfRow = new int[Rows.Length];
        for (int node = 0; node < Count; node++)
        {
            foreach (int row in Rows.AsSpan(RowOffsets[node]..RowOffsets[node + 1]))
            {
                nodeOfRow[row] = node;
            }
        }

        return nodeOfRow;
    }

    /// <exception cref="ArgumentException">A row has a value that is NaN or infinite.</exception>
    public static GraphNodes Create(
        RowReader read, int rowCount, RowCodec codec, float[][] queryMeans, int maxDegree, HnswOptions options, ParallelOptions parallel)
    {
        GraphNodes nodes = new(rowCount, codec.CodeLength, maxDegree, options.Nodes);
        PlaneCodes? planes = options.Nodes == HnswNodes.Int8 ? null : new PlaneCodes(options.Nodes, queryMeans);
        int[] order = new int[rowCount];
        for (int i = 0; i < rowCount; i++)
        {
            order[i] = i;
        }

        new Random(options.Seed).Shuffle(order);
        const int RangeLength = 256;
        Parallel.For(0, (rowCount + RangeLength - 1) / RangeLength, parallel, range =>
        {
            float[] row = new float[codec.Mean.Length];
            float[] rotated = new float[codec.CodeLength];
            for (int i = range * RangeLength; i < Math.Min(rowCount, (range + 1) * RangeLength); i++)
            {
                read(order[i], row);
                if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(row)))
                {
                    throw new ArgumentException($"Row {order[i]} has a value that is NaN or infinite.", nameof(read));
                }

                codec.Rotate(row, rotated);
                codec.Encode(rotated, nodes.Table, i);
                planes?.Encode(rotated, nodes._stored, i);
            }
        });

        nodes.Collapse(order);
        return nodes;
    }

    // Moves the first of every group of equal records forward and sorts the rows of each node.
    private void Collapse(int[] order)
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
            {
                node = nextWithHash[node];
            }

            if (node < 0)
            {
                node = Count++;
                nextWithHash[node] = exists ? first : -1;
                first = node;
                if (node != i)
                {
                    Move(i, node);
                }
            }

            nodeOf[i] = node;
        }

        RowOffsets = new int[Count + 1];
        Rows = new int[order.Length];
        foreach (int node in nodeOf)
        {
            RowOffsets[node + 1]++;
        }

        for (int node = 0; node < Count; node++)
        {
            RowOffsets[node + 1] += RowOffsets[node];
        }

        int[] filled = RowOffsets[..^1];
        for (int i = 0; i < order.Length; i++)
        {
            Rows[filled[nodeOf[i]]++] = order[i];
        }

        for (int node = 0; node < Count; node++)
        {
            Rows.AsSpan(RowOffsets[node]..RowOffsets[node + 1]).Sort();
        }
    }

    private void Move(int from, int to)
    {
        Buffer.MemoryCopy(Table.GetRecord(from), Table.GetRecord(to), _stride, _stride);
        if (_form != HnswNodes.Int8)
        {
            Buffer.MemoryCopy(_stored.GetRecord(from), _stored.GetRecord(to), _storedStride, _storedStride);
        }
    }

    // What a node stores of its row; there are no links yet.
    private ReadOnlySpan<byte> GetContent(int node) => new(_stored.GetRecord(node), _stored.CodeLength + NodeTable.HeadLength);

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = (ulong.RotateLeft(hash, 23) ^ word) * 0x9E3779B97F4A7C15;
        }

        return hash;
    }
}
