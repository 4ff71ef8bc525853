using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>An entry as one vector of bytes, whose inner product with the query's vector follows MaxSim: a candidate stage.</summary>
/// <remarks>
/// The chunk: per entry the vector as one row of <see cref="RowFormat.Int8"/>, a float32 to be added once per query row, and zeros to a
/// multiple of 64 bytes.
/// </remarks>
internal abstract class SingleVectorCodec(CodecSpec spec, int dimension, int length) : EntryCodec(spec, dimension)
{
    private const int Alignment = 64;

    /// <summary>Values of an entry's vector.</summary>
    public int Length { get; } = length;

    /// <summary>True when scores have a part that is the same for every query row, <see cref="EncodeEntry"/>'s result.</summary>
    public virtual bool HasOffset => false;

    private int RowSize => Length + sizeof(float);

    private int Stride => (RowSize + sizeof(float) + Alignment - 1) / Alignment * Alignment;

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        long size = (long)entries.EntryCount * Stride;
        if (size > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.", nameof(entries));
        }

        byte[] chunk = new byte[size];
        float[] vector = new float[Length];
        for (int entry = 0; entry < entries.EntryCount; entry++)
        {
            Span<byte> target = chunk.AsSpan(entry * Stride, Stride);
            float offset = EncodeEntry(entries[entry], vector);
            PackedRows.Pack(RowFormat.Int8, new MultiVectorView(Length, vector), target[..RowSize]);
            BinaryPrimitives.WriteSingleLittleEndian(target[RowSize..], offset);
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount)
    {
        if (entryCount < 1 || chunk.Length != (long)entryCount * Stride)
        {
            throw new InvalidDataException(
                $"{entryCount} entries of {Spec} take {(long)entryCount * Stride} bytes, {chunk.Length} were given.");
        }
    }

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query)
    {
        CodecArguments.CheckQuery(query, Dimension);
        float[] vector = new float[Length];
        EncodeQuery(query, vector);
        return new SingleVectorScorer(new MultiVectorView(Length, vector), query.RowCount, RowSize, Stride);
    }

    /// <summary>Computes the vector of an entry.</summary>
    /// <param name="rows">The entry.</param>
    /// <param name="vector">Takes the vector.</param>
    /// <returns>What the score has more, per query row.</returns>
    public abstract float EncodeEntry(MultiVectorView rows, Span<float> vector);

    /// <summary>Computes the vector of a query.</summary>
    public abstract void EncodeQuery(MultiVectorView query, Span<float> vector);
}
