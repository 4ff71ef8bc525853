using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.SingleVectors;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// One row made of all rows of an entry, and one of a query, whose inner product follows MaxSim: what an index over single rows finds by it
/// are candidates for entries of any number of rows. Thread-safe.
/// </summary>
internal sealed class EntryEncoding
{
    private readonly SingleVectorCodec _codec;
    private volatile EncodedQuery? _last;

    private EntryEncoding(SingleVectorCodec codec) => _codec = codec;

    /// <summary>Values of a row: those of the codec, and one more where its score has a part that is the same for every query
    /// row.</summary>
    public int Length => _codec.Length + (_codec.HasOffset ? 1 : 0);

    /// <summary>True when what comes before an index is an encoding and no reduction.</summary>
    public static bool Accepts(string text) => text.Length > 0 && FindFamily(CodecSpec.Parse(text)) is not null;

    /// <exception cref="SpecException">An argument is unknown or out of its range.</exception>
    public static void Check(IndexSpec spec)
    {
        CodecSpec codec = CodecSpec.Parse(spec.Reduction);
        FindFamily(codec)!.Check(codec, dimension: 1);
    }

    /// <summary>Trains an encoding; what it found is read by <see cref="Read"/>.</summary>
    /// <exception cref="ArgumentException">The sample has too few rows.</exception>
    public static byte[] Train(string text, TrainingSample sample, CancellationToken cancellationToken)
    {
        CodecSpec spec = CodecSpec.Parse(text);
        return FindFamily(spec)!.Train(spec, sample, cancellationToken).WriteParameters();
    }

    /// <exception cref="InvalidDataException">The bytes are no parameters of the encoding.</exception>
    public static EntryEncoding Read(string text, int dimension, ReadOnlySpan<byte> parameters)
    {
        CodecSpec spec = CodecSpec.Parse(text);
        return new EntryEncoding((SingleVectorCodec)FindFamily(spec)!.Read(spec, dimension, parameters));
    }

    /// <summary>The row of an entry.</summary>
    public float[] EncodeEntry(MultiVectorView rows)
    {
        float[] row = new float[Length];
        float offset = _codec.EncodeEntry(rows, row.AsSpan(0, _codec.Length));
        if (_codec.HasOffset)
        {
            row[^1] = offset;
        }

        return row;
    }

    /// <summary>The row of a query. The last one is kept, since a search asks for it once a segment.</summary>
    public MultiVector EncodeQuery(MultiVector query)
    {
        EncodedQuery? last = _last;
        if (last is not null && ReferenceEquals(last.Query, query))
        {
            return last.Row;
        }

        float[] row = new float[Length];
        _codec.EncodeQuery(query.View, row.AsSpan(0, _codec.Length));
        if (_codec.HasOffset)
        {
            row[^1] = query.RowCount;
        }

        MultiVector encoded = new(Length, row);
        _last = new EncodedQuery(query, encoded);
        return encoded;
    }

    private static CodecFamily? FindFamily(CodecSpec spec) =>
        Codecs.Families.FirstOrDefault(family => family.Name == spec.Family && family is LemurCodecFamily);

    private sealed record EncodedQuery(MultiVector Query, MultiVector Row);
}
