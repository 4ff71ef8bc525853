using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>A codec of 4-bit codes: its chunk is a <see cref="RowStream"/> of <see cref="NibbleLayout"/>.</summary>
internal abstract class NibbleCodec : EntryCodec
{
    /// <summary>A codec of <paramref name="tableCount"/> codes per row.</summary>
    protected NibbleCodec(CodecSpec spec, int dimension, int tableCount)
        : base(spec, dimension) => TableCount = tableCount;

    /// <inheritdoc/>
    public override bool HasUpperBounds => true;

    /// <summary>Codes of a row.</summary>
    protected int TableCount { get; }

    private int BlockSize => NibbleLayout.GetBlockSize(TableCount);

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        byte[] codes = new byte[checked(entries.RowCount * TableCount)];
        double[] rowErrors = new double[entries.RowCount];
        Quantize(entries.Values, codes, rowErrors);
        double[] errors = RowStream.GetLargest(rowErrors, entries.RowOffsets);
        byte[] chunk = RowStream.Create(entries.RowOffsets, errors, NibbleLayout.BlockRowCount, BlockSize, out int offset);
        for (int row = 0; row < entries.RowCount; row++)
        {
            int lane = row % NibbleLayout.BlockRowCount;
            Span<byte> block = chunk.AsSpan(offset + (row / NibbleLayout.BlockRowCount * BlockSize), BlockSize);
            for (int index = 0; index < TableCount; index++)
            {
                NibbleLayout.WriteCode(block, lane, index, codes[(row * TableCount) + index]);
            }
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) =>
        RowStream.Check(chunk, entryCount, NibbleLayout.BlockRowCount, BlockSize);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, InstructionSets.Best);

    /// <summary>Prepares the scoring of one query with instructions that this process supports.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet)
    {
        CodecArguments.CheckQuery(query, Dimension);
        NibbleQuery tables = new(query.RowCount, TableCount, NibbleKernel.GetMaxTileHeight(instructionSet));
        FillTables(query, tables);
        return new NibbleScorer(tables, TableCount, new ScoreBound(query, GetStoredNorm()), instructionSet);
    }

    /// <summary>Finds the codes of rows.</summary>
    /// <param name="rows">[rows × d].</param>
    /// <param name="codes">Takes [rows × tables], each below 16.</param>
    /// <param name="errors">Takes the distance of each row from what is restored.</param>
    protected abstract void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<double> errors);

    /// <summary>Sets the tables of every query row.</summary>
    protected abstract void FillTables(MultiVectorView query, NibbleQuery tables);

    /// <summary>A length that no restored row exceeds.</summary>
    protected abstract double GetStoredNorm();
}
