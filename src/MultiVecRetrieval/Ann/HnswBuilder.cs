using System.Runtime.InteropServices;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Ann;

/// <summary>Builds graphs for <see cref="HnswGraph"/>.</summary>
public static class HnswBuilder
{
    private const int MaxQueryEntryCount = 64;

    /// <summary>Builds a graph over rows and writes it: the same bytes for the same rows and options, at any number of threads.</summary>
    /// <param name="read">Gives the rows. Closeness is judged by distance while building and by inner product while searching,
    /// which is the same order for rows of one length.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="dimension">d, the length of a row.</param>
    /// <param name="options">How to build.</param>
    /// <param name="destination">Where the graph is written, front to back.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a value is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Building was cancelled.</exception>
    public static void Build(
        RowReader read, int rowCount, int dimension, HnswOptions options, Stream destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, HnswGraph.MaxDimension);
        options.Check(dimension);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        try
        {
            RowCodec codec = RowCodec.Train(read, rowCount, dimension, options.Seed);
            using GraphNodes nodes = GraphNodes.Create(read, rowCount, codec, 2 * options.M, options.Seed, parallel);
            new GraphConstruction(nodes, options, parallel).Run();
            int entryCount = GraphConstruction.GetEntryCount(nodes.Count);
            new GraphRepair(nodes.Table, nodes.Count, entryCount).Run(options.EfConstruction);
            int[] queryEntries = FindQueryEntries(nodes, codec, entryCount, options);
            Write(nodes, codec, entryCount, queryEntries, options, destination);
        }
        catch (AggregateException exception) when (exception.InnerException is ArgumentException inner)
        {
            throw new ArgumentException(inner.Message, nameof(read), exception);
        }
    }

    // The best node of evenly spaced queries of the sample.
    private static int[] FindQueryEntries(GraphNodes nodes, RowCodec codec, int entryCount, HnswOptions options)
    {
        int queryCount = options.Queries.Length / codec.Mean.Length;
        if (queryCount == 0 || nodes.Count == 0)
            return [];

        GraphWalk walk = new(nodes.Count, codec.CodeLength, nodes.Table.MaxDegree);
        float[] rotated = new float[codec.CodeLength];
        SortedSet<int> entries = [];
        int count = Math.Min(queryCount, MaxQueryEntryCount);
        for (int i = 0; i < count; i++)
        {
            int query = (int)((long)i * queryCount / count);
            codec.RotateQuery(options.Queries.Span.Slice(query * codec.Mean.Length, codec.Mean.Length), rotated);
            walk.Query.SetVector(rotated);
            walk.Start(options.EfConstruction);
            walk.Run(nodes.Table, options.EfConstruction, entryCount, []);
            entries.Add(ScoreKey.GetNode(walk.Beam[0]));
        }

        entries.RemoveWhere(node => node < entryCount);
        return [.. entries];
    }

    private static unsafe void Write(
        GraphNodes nodes, RowCodec codec, int entryCount, int[] queryEntries, HnswOptions options, Stream destination)
    {
        int[] nodeOfRow = new int[nodes.Rows.Length];
        for (int node = 0; node < nodes.Count; node++)
        {
            foreach (int row in nodes.Rows.AsSpan(nodes.RowOffsets[node]..nodes.RowOffsets[node + 1]))
                nodeOfRow[row] = node;
        }

        HnswHeader header = new()
        {
            Magic = HnswHeader.ExpectedMagic,
            Version = HnswHeader.CurrentVersion,
            RowCount = nodes.Rows.Length,
            NodeCount = nodes.Count,
            Dimension = codec.Mean.Length,
            MaxDegree = nodes.Table.MaxDegree,
            Seed = options.Seed,
            EntryCount = entryCount,
            QueryEntryCount = queryEntries.Length,
            Stride = NodeTable.GetStride(codec.CodeLength, nodes.Table.MaxDegree),
        };
        HnswLayout layout = new(header);
        header.TotalLength = layout.TotalLength;
        Crc32C checksum = Crc32C.Start();
        void ForEachTable(Action<byte[]> use)
        {
            use(MemoryMarshal.AsBytes<float>(codec.Mean).ToArray());
            foreach (int[] table in (int[][])[queryEntries, nodes.RowOffsets, nodes.Rows, nodeOfRow])
                use(MemoryMarshal.AsBytes<int>(table).ToArray());
        }

        ForEachTable(bytes => checksum.Append(bytes));
        header.TablesChecksum = checksum.Value;
        Span<byte> headerBytes = MemoryMarshal.AsBytes(new Span<HnswHeader>(ref header));
        MemoryMarshal.Write(headerBytes[^sizeof(uint)..], Crc32C.Compute(headerBytes[..^sizeof(uint)]));
        destination.Write(headerBytes);
        ForEachTable(bytes => destination.Write(bytes));
        destination.Write(new byte[layout.NodesOffset - layout.TablesEnd]);
        for (int node = 0; node < nodes.Count; node++)
            destination.Write(new ReadOnlySpan<byte>(nodes.Table.GetRecord(node), header.Stride));
    }
}
