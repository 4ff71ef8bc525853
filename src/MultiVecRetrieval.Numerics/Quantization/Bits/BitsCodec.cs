using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Nested bit-planes: rotated coordinates as odd integers, whose first bits are a coarser code by themselves.</summary>
/// <remarks>
/// <para>⟨q, x⟩ = ⟨q, μ⟩ + ⟨m, x - μ⟩ + ⟨q - m, x - μ⟩ with the mean μ of the rows and m of the queries. The first term is the query's,
/// the second is stored per row (its bias), only the third is estimated from bits: where queries of another modality lie elsewhere than
/// rows, that is the smaller part.</para>
/// <para>A row takes its bits (of d coordinates, N on average), 2 bytes of factor, 2 of bias if queries were known in training, and 1 of
/// error bound.</para>
/// <para>Sources: Shan et al., Recurrent Binary Embedding, arXiv:1802.06466, and Gan et al., Binary Embedding-based Retrieval at Tencent,
/// arXiv:2302.08714 (the levels); Gao et al., RaBitQ, arXiv:2405.12497 (rotation and factor); SAQ, arXiv:2509.12086 (segments).</para>
/// </remarks>
public sealed class BitsCodec : EntryCodec
{
    internal BitsCodec(CodecSpec spec, BitsModel model)
        : base(spec, model.Dimension)
    {
        Model = model;
        Scoring = BitsArgument.Parse(spec).Scoring;
    }

    /// <summary>How a query meets the bits where nothing else is said.</summary>
    public BitScoring Scoring { get; }

    /// <inheritdoc/>
    public override bool HasUpperBounds => Scoring == BitScoring.Asymmetric;

    /// <summary>The number of planes: bits of the coordinate that has most.</summary>
    public int PlaneCount => Model.PlaneCount;

    /// <summary>True when rows store their inner product with the mean of the queries.</summary>
    public bool HasBias => Model.HasBias;

    /// <summary>True when some coordinates have more bits than others.</summary>
    public bool HasSegments => Model.BitCounts.AsSpan().ContainsAnyExcept((byte)Model.PlaneCount);

    /// <summary>
    /// The share of the proven error bound that held-out pairs of query and row reached: the quantiles 0.99 and 0.999, and the greatest.
    /// Measured, not assumed; good for choosing how many candidates to look at, not for a proof.
    /// </summary>
    public IReadOnlyList<float> ErrorShares => Model.ErrorShares;

    internal BitsModel Model { get; }

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        long size = BitsChunk.GetSize(Model, entries.EntryCount, entries.RowCount);
        if (size > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.", nameof(entries));
        }

        byte[] bytes = new byte[size];
        bool hasOffsets = entries.RowCount != entries.EntryCount;
        BinaryPrimitives.WriteInt32LittleEndian(bytes, entries.RowCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), hasOffsets ? BitsChunk.HasRowOffsets : 0);
        if (hasOffsets)
        {
            MemoryMarshal.AsBytes(entries.RowOffsets).CopyTo(bytes.AsSpan(BitsChunk.HeaderSize));
        }

        new BlockEncoder(Model).Encode(entries.Values, bytes, BitsChunk.Read(Model, bytes, entries.EntryCount));
        return bytes;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) => BitsChunk.Check(Model, chunk, entryCount);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, Scoring, PlaneCount);

    /// <summary>Prepares the scoring of one query from the first planes only, or another way.</summary>
    /// <param name="query">At least one row of finite values.</param>
    /// <param name="scoring">How query and bits meet; Hamming reads the first plane only.</param>
    /// <param name="planeCount">Planes to read, in [1, <see cref="PlaneCount"/>].</param>
    /// <exception cref="ArgumentException">The query rows have another length, are none, or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many planes.</exception>
    public CodeScorer CreateScorer(MultiVectorView query, BitScoring scoring, int planeCount) =>
        CreateScorer(query, scoring, planeCount, InstructionSets.Best);

    internal BitsScorer CreateScorer(MultiVectorView query, BitScoring scoring, int planeCount, InstructionSet instructionSet)
    {
        CodecArguments.CheckQuery(query, Dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(planeCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(planeCount, PlaneCount);
        return new BitsScorer(Model, query, scoring, scoring == BitScoring.Hamming ? 1 : planeCount, instructionSet);
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters() => Model.Write();
}
