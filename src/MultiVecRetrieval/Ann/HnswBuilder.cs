using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;

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
            float[][] queryMeans = options.Nodes != HnswNodes.Int8 ? QueryMeans.Create(codec, options.Queries.Span) : [];
            using GraphNodes nodes = GraphNodes.Create(read, rowCount, codec, queryMeans, 2 * options.M, options, parallel);
            new GraphConstruction(nodes, options, parallel).Run();
            int entryCount = GraphConstruction.GetEntryCount(nodes.Count);
            new GraphRepair(nodes.Table, nodes.Count, entryCount).Run(options.EfConstruction);
            int[] queryEntries = FindQueryEntries(nodes, codec, entryCount, options);
            Write(nodes, codec, queryMeans, entryCount, queryEntries, options, destination);
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
        {
            return [];
        }

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
            walk.Run<Int8Scoring>(nodes.Table, options.EfConstruction, entryCount, []);
            entries.Add(ScoreKey.GetNode(walk.Beam[0]));
        }

        entries.RemoveWhere(node => node < entryCount);
        return [.. entries];
    }

    private static void Write(
        GraphNodes nodes, RowCodec codec, float[][] queryMeans, int entryCount, int[] queryEntries, HnswOptions options,
            Stream destination)
    {
        HnswHeader header = new()
        {
            Magic = HnswHeader.ExpectedMagic,
            Version = options.Nodes == HnswNodes.Int8 ? HnswHeader.OldestVersion : HnswHeader.NewestVersion,
            RowCount = nodes.Rows.Length,
            NodeCount = nodes.Count,
            Dimension = codec.Mean.Length,
            MaxDegree = nodes.Table.MaxDegree,
            Seed = options.Seed,
            EntryCount = entryCount,
            QueryEntryCount = queryEntries.Length,
            NodeForm = (int)options.Nodes,
            Radius = options.Nodes == HnswNodes.Signs ? nodes.GetRadius() : 0,
        };
        header.Stride = header.ExpectedStride;
        HnswLayout layout = new(header);
        header.TotalLength = layout.TotalLength;
        byte[][] tables =
        [
            .. new[] { codec.Mean }.Concat(queryMeans).Select(x => MemoryMarshal.AsBytes<float>(x).ToArray()),
            .. new[] { queryEntries, nodes.RowOffsets, nodes.Rows,
                nodes.GetNodeOfRow() }.Select(x => MemoryMarshal.AsBytes<int>(x).ToArray()),
        ];
        Crc32C checksum = Crc32C.Start();
        foreach (byte[] table in tables)
        {
            checksum.Append(table);
        }

        header.TablesChecksum = checksum.Value;
        Span<byte> headerBytes = MemoryMarshal.AsBytes(new Span<HnswHeader>(ref header));
        MemoryMarshal.Write(headerBytes[^sizeof(uint)..], Crc32C.Compute(headerBytes[..^sizeof(uint)]));
        destination.Write(headerBytes);
        foreach (byte[] table in tables)
        {
            destination.Write(table);
        }

        destination.Write(new byte[layout.NodesOffset - layout.TablesEnd]);
        WriteRecords(nodes, header.Stride, destination);
    }

    private static void WriteRecords(GraphNodes nodes, int stride, Stream destination)
    {
        const int RangeLength = 1024;
        byte[] records = new byte[Math.Min(RangeLength, nodes.Count) * stride];
        for (int first = 0; first < nodes.Count; first += RangeLength)
        {
            int count = Math.Min(RangeLength, nodes.Count - first);
            for (int i = 0; i < count; i++)
            {
                nodes.Write(first + i, records.AsSpan(i * stride, stride));
            }

            destination.Write(records.AsSpan(0, count * stride));
        }
    }
}
