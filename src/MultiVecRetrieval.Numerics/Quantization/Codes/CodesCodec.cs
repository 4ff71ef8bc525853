using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>One or two codes per row, in the order of the rows, as a <see cref="CodeChunk"/>.</summary>
internal sealed class CodesCodec(CodecSpec spec, CodeParameters parameters) : EntryCodec(spec, parameters.First.Dimension)
{
    /// <inheritdoc/>
    public override bool HasUpperBounds => Similarity == CodeSimilarity.Query;

    private CodeSimilarity Similarity { get; } = CodeArgument.Parse(spec, allowsResidual: true).Similarity;

    private int ResidualSize => parameters.Residual?.CodeSizeInBytes ?? 0;

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        Codebook first = parameters.First;
        int[] codes = first.Encode(entries.Values);
        int[] residualCodes = parameters.Residual?.Encode(first.GetResiduals(entries.Values, codes)) ?? [];
        byte[] chunk = new byte[CodeChunk.GetSize(entries.EntryCount, entries.RowCount, first.CodeSizeInBytes, ResidualSize)];
        for (int entry = 0; entry < entries.EntryCount; entry++)
        {
            Range rows = entries.RowOffsets[entry]..entries.RowOffsets[entry + 1];
            EntryReach reach = parameters.Residual is null
                ? EntryReach.Measure(first, entries[entry], codes.AsSpan(rows))
                : EntryReach.Measure(first, parameters.Residual, entries[entry], codes.AsSpan(rows), residualCodes.AsSpan(rows));
            reach.Write(chunk, entry);
            CodeChunk.WriteOffset(chunk, entries.EntryCount, entry, entries.RowOffsets[entry]);
        }

        CodeChunk.WriteOffset(chunk, entries.EntryCount, entries.EntryCount, entries.RowCount);
        Span<byte> target = chunk.AsSpan(CodeChunk.GetCodesStart(entries.EntryCount));
        Span<byte> residualTarget = target[(codes.Length * first.CodeSizeInBytes)..];
        for (int row = 0; row < codes.Length; row++)
        {
            CodeChunk.WriteCode(target, first.CodeSizeInBytes, row, codes[row]);
            if (parameters.Residual is not null)
            {
                CodeChunk.WriteCode(residualTarget, ResidualSize, row, residualCodes[row]);
            }
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) => CodeChunk.Check(
        chunk, entryCount, parameters.First.CodeSizeInBytes, parameters.First.Count, ResidualSize, parameters.Residual?.Count ?? 0);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, threads: 1);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query, int threads)
    {
        CodecArguments.CheckQuery(query, Dimension);
        return CreateScorer(query, InstructionSets.Best, threads);
    }

    /// <summary>A scorer that uses <paramref name="instructionSet"/>, which this process must support.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet, int threads = 1)
    {
        CodeTable table = new(parameters.First, query, Similarity, threads);
        if (parameters.Residual is not { } residual)
        {
            return parameters.First.CodeSizeInBytes == 1
                ? new ByteCodeScorer(table, instructionSet)
                : new CodeListScorer(table, instructionSet);
        }

        CodeTable residualTable = new(residual, query, threads: threads);
        return (parameters.First.CodeSizeInBytes, ResidualSize) switch
        {
            (1, 1) => new CodePairScorer<byte, byte>(table, residualTable, instructionSet),
            (1, _) => new CodePairScorer<byte, ushort>(table, residualTable, instructionSet),
            (_, 1) => new CodePairScorer<ushort, byte>(table, residualTable, instructionSet),
            _ => new CodePairScorer<ushort, ushort>(table, residualTable, instructionSet),
        };
    }

    /// <inheritdoc/>
    public override byte[] WriteParameters() => parameters.Write();
}
