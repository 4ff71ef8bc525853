using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Numerics.Quantization.Products;

/// <summary>A product quantiser of 8 bits a part, scored by look-ups that serve 32 query rows at a time.</summary>
/// <remarks>The chunk: a <see cref="RowStream"/> whose blocks are rows, M bytes each.</remarks>
internal sealed class ByteProductCodec(CodecSpec spec, ProductCodebooks codebooks) : EntryCodec(spec, codebooks.Dimension)
{
    /// <inheritdoc/>
    public override bool HasUpperBounds => true;

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        byte[] codes = new byte[checked(entries.RowCount * codebooks.PartCount)];
        double[] rowErrors = new double[entries.RowCount];
        codebooks.Quantize(entries.Values, codes, rowErrors);
        double[] errors = RowStream.GetLargest(rowErrors, entries.RowOffsets);
        byte[] chunk = RowStream.Create(entries.RowOffsets, errors, 1, codebooks.PartCount, out int offset);
        codes.CopyTo(chunk, offset);
        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) => RowStream.Check(chunk, entryCount, 1, codebooks.PartCount);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, InstructionSets.Best);

    /// <summary>Prepares the scoring of one query with instructions that this process supports.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet)
    {
        CodecArguments.CheckQuery(query, Dimension);
        ByteQuery tables = new(query.RowCount, codebooks.PartCount);
        double[] values = new double[codebooks.PartCount * ByteQuery.CodeCount];
        for (int row = 0; row < query.RowCount; row++)
        {
            codebooks.FillTables(query.Row(row), values);
            tables.Set(row, values);
        }

        return new ByteScorer(tables, codebooks.PartCount, new ScoreBound(query, codebooks.LargestNorm), instructionSet);
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters() => codebooks.Write();
}
