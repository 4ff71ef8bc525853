using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MultiVecRetrieval.Interchange;

/// <summary>Reads an index file; every length is checked against what is left of the file before anything is allocated.</summary>
internal sealed class FaissReader(Stream stream, string path)
{
    /// <summary>Reads the index that the stream holds, up to its end.</summary>
    /// <exception cref="FaissFormatException">The file is damaged, or of another kind.</exception>
    public FaissIndex Read()
    {
        FaissIndex index = ReadIndex();
        return stream.Position == stream.Length
            ? index
            : throw Fail(stream.Position, "the end of the file", $"{stream.Length - stream.Position} more bytes");
    }

    /// <summary>Says what is wrong at a byte.</summary>
    public FaissFormatException Fail(long offset, string expected, string actual) => new(path, offset, expected, actual);

    private FaissIndex ReadIndex()
    {
        string kind = ReadFourCharacters();
        switch (kind)
        {
            case FaissKind.FlatInnerProduct:
                return ReadFlat(FaissMetric.InnerProduct);
            case FaissKind.FlatSquaredDistance:
                return ReadFlat(FaissMetric.SquaredDistance);
            case FaissKind.BinaryFlat:
                return ReadBinary();
            case FaissKind.HnswFlat:
                return ReadHnsw();
            default:
                throw Fail(stream.Position - 4, FaissKind.All, $"'{kind}'");
        }
    }

    private FaissFlatIndex ReadFlat(FaissMetric expected)
    {
        (int dimension, int count, FaissMetric metric) = ReadHeader();
        if (metric != expected)
        {
            throw Fail(stream.Position - sizeof(int), $"metric {(int)expected}", $"{(int)metric}");
        }

        float[] values = ReadVector<float>((long)count * dimension, "values");
        return new FaissFlatIndex(metric, dimension, values);
    }

    private FaissBinaryIndex ReadBinary()
    {
        int dimension = ReadDimension();
        int codeSize = Read<int>();
        if (dimension % 8 != 0 || codeSize != dimension / 8)
        {
            throw Fail(stream.Position - sizeof(int), "an eighth of a multiple of 8 bits",
                $"codes of {codeSize} bytes for {dimension} bits");
        }

        int count = ReadCount();
        CheckTrained();
        Read<int>(); // The metric of a binary index is always Hamming distance, whatever is stored.
        return new FaissBinaryIndex(dimension, ReadVector<byte>((long)count * codeSize, "bytes of codes"));
    }

    private FaissHnswIndex ReadHnsw()
    {
        (int dimension, int count, FaissMetric metric) = ReadHeader();
        double[] probabilities = ReadVector<double>(null, "level probabilities");
        long linksOffset = stream.Position;
        int[] capacities = ReadVector<int>(null, "link capacities");
        int[] levelCounts = ReadVector<int>(count, "level counts");
        long[] offsets = ReadVector<long>(count + 1L, "link offsets");
        int[] links = ReadVector<int>(null, "links");
        int entryPoint = Read<int>();
        int maxLevel = Read<int>();
        int efConstruction = Read<int>();
        int efSearch = Read<int>();
        HnswLinks result = new(probabilities, capacities, levelCounts, offsets, links, entryPoint, maxLevel)
        {
            EfConstruction = efConstruction,
            EfSearch = efSearch,
            UpperBeam = Read<int>(),
        };
        if (result.FindFault() is string fault)
        {
            throw Fail(linksOffset, "links of a graph", fault);
        }

        long storageOffset = stream.Position;
        string kind = ReadFourCharacters();
        if (kind is not (FaissKind.FlatInnerProduct or FaissKind.FlatSquaredDistance))
        {
            throw Fail(storageOffset, "IxFI or IxF2", $"'{kind}'");
        }

        FaissFlatIndex storage = ReadFlat(kind == FaissKind.FlatInnerProduct ? FaissMetric.InnerProduct : FaissMetric.SquaredDistance);
        return storage.Dimension == dimension && storage.Count == count && storage.Metric == metric
            ? new FaissHnswIndex(storage, result)
            : throw Fail(storageOffset, $"{count} vectors of d = {dimension}, metric {(int)metric}",
                $"{storage.Count} vectors of d = {storage.Dimension}, metric {(int)storage.Metric}");
    }

    private (int Dimension, int Count, FaissMetric Metric) ReadHeader()
    {
        int dimension = ReadDimension();
        int count = ReadCount();
        Read<long>();
        Read<long>();
        CheckTrained();
        int metric = Read<int>();
        return metric is 0 or 1
            ? (dimension, count, (FaissMetric)metric)
            : throw Fail(stream.Position - sizeof(int), "metric 0 (inner product) or 1 (squared distance)", $"{metric}");
    }

    private int ReadDimension()
    {
        int dimension = Read<int>();
        return dimension >= 1 ? dimension : throw Fail(stream.Position - sizeof(int), "a dimension of at least 1", $"{dimension}");
    }

    private int ReadCount()
    {
        long count = Read<long>();
        return count is >= 0 and < int.MaxValue
            ? (int)count
            : throw Fail(stream.Position - sizeof(long), $"a number of vectors in [0, {int.MaxValue - 1}]", $"{count}");
    }

    private void CheckTrained()
    {
        if (Read<byte>() != 1)
        {
            throw Fail(stream.Position - 1, "an index that is trained", "one that is not");
        }
    }

    private string ReadFourCharacters()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private T Read<T>()
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        Fill(bytes);
        return MemoryMarshal.Read<T>(bytes);
    }

    private T[] ReadVector<T>(long? expected, string what)
        where T : unmanaged
    {
        long offset = stream.Position;
        long count = Read<long>();
        if (expected is long number && count != number)
        {
            throw Fail(offset, $"{number} {what}", $"{count}");
        }

        long most = Math.Min((stream.Length - stream.Position) / Unsafe.SizeOf<T>(), Array.MaxLength);
        if (count < 0 || count > most)
        {
            throw Fail(offset, $"at most {most} {what}", $"{count}");
        }

        T[] values = new T[count];
        const int pieceLength = 1 << 20;
        for (int start = 0; start < values.Length; start += pieceLength)
        {
            Fill(MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(pieceLength, values.Length - start))));
        }

        return values;
    }

    private void Fill(Span<byte> bytes)
    {
        long offset = stream.Position;
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count < bytes.Length)
        {
            throw Fail(offset, $"{bytes.Length} bytes", $"the end of the file after {count}");
        }
    }
}
