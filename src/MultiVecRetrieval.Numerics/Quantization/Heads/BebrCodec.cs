using System.Buffers.Binary;
using System.Text;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>
/// A learned transform in front of another codec: rows and queries go through the same trained head, and what comes out is coded and
/// scored by the inner codec, with its format and its kernels. Where training did not beat the closed form, the transform changes nothing.
/// </summary>
/// <remarks>
/// Scores are inner products of transformed rows: a head that learned from pairs ranks by what it learned, not by the float vectors,
/// and so there are no upper bounds. Source: Gan et al., Binary Embedding-based Retrieval at Tencent, arXiv:2302.08714.
/// </remarks>
public sealed class BebrCodec : EntryCodec
{
    private readonly RowTransform _transform;

    internal BebrCodec(CodecSpec spec, RowTransform transform, EntryCodec inner)
        : base(spec, transform.InputDimension)
    {
        _transform = transform;
        Inner = inner;
    }

    /// <summary>The codec of the transformed rows.</summary>
    public EntryCodec Inner { get; }

    /// <summary>True when the head learned something that held-out recall was better with; otherwise this is the inner codec.</summary>
    public bool IsLearned => _transform.HasBlocks;

    /// <summary>True when rows come from another space than the one of the inner codec.</summary>
    public bool IsCompatible => _transform.HasMap;

    internal RowTransform Head => _transform;

    /// <summary>Rows as the inner codec sees them.</summary>
    /// <param name="rows">[rows × <see cref="EntryCodec.Dimension"/>]</param>
    /// <returns>[rows × dimension of <see cref="Inner"/>]</returns>
    public float[] Transform(ReadOnlySpan<float> rows) => _transform.Apply(rows);

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        return Inner.Encode(new EntryRows(Inner.Dimension, _transform.Apply(entries.Values), entries.RowOffsets));
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) => Inner.Check(chunk, entryCount);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query)
    {
        CodecArguments.CheckQuery(query, Dimension);
        return new Scorer(Inner.CreateScorer(new MultiVectorView(Inner.Dimension, _transform.Apply(query.Values))));
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters()
    {
        byte[] spec = Encoding.UTF8.GetBytes(Inner.Spec.ToString()), transform = _transform.Write(), inner = Inner.WriteParameters();
        byte[] bytes = new byte[HeaderSize + transform.Length + spec.Length + inner.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Inner.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), transform.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), spec.Length);
        transform.CopyTo(bytes, HeaderSize);
        spec.CopyTo(bytes, HeaderSize + transform.Length);
        inner.CopyTo(bytes, HeaderSize + transform.Length + spec.Length);
        return bytes;
    }

    private const int Version = 1;
    private const int HeaderSize = 16;

    internal static BebrCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> bytes)
    {
        int version = bytes.Length < HeaderSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (version != Version)
        {
            throw new InvalidDataException($"These are no parameters of bebr, version {Version}: {bytes.Length} bytes, version {version}.");
        }

        int innerDimension = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int transformSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            specSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (transformSize < 0 || specSize < 0 || (long)HeaderSize + transformSize + specSize > bytes.Length)
        {
            throw new InvalidDataException(
                $"Parameters of bebr end early: {transformSize} and {specSize} bytes announced, {bytes.Length} in all.");
        }

        bytes = bytes[HeaderSize..];
        RowTransform transform = RowTransform.Read(innerDimension, bytes[..transformSize]);
        if (transform.InputDimension != dimension)
        {
            throw new InvalidDataException($"The head takes rows of d = {transform.InputDimension}, expected {dimension}.");
        }

        string innerName = Encoding.UTF8.GetString(bytes.Slice(transformSize, specSize));
        CodecSpec inner = innerName.Length == 0 ? default : CodecSpec.Parse(innerName);
        CodecFamily? family = Codecs.Families.FirstOrDefault(family => family.Name == inner.Family && family.Name != spec.Family);
        return family is null
            ? throw new InvalidDataException($"There is no codec '{innerName}' behind the head.")
            : new BebrCodec(spec, transform, family.Read(inner, innerDimension, bytes[(transformSize + specSize)..]));
    }

    // The inner bounds hold for the transformed rows, so they must not be passed on.
    private sealed class Scorer(CodeScorer inner) : CodeScorer
    {
        public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores) => inner.Score(chunk, scores);

        public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores) =>
            inner.Score(chunk, entryCount, entries, scores);
    }
}
