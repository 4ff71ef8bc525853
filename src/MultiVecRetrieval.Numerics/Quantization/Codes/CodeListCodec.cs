using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>The sorted distinct codes of each entry, two bytes each, as a <see cref="CodeChunk"/>.</summary>
internal sealed class CodeListCodec(CodecSpec spec, CodeParameters parameters) : EntryCodec(spec, parameters.First.Dimension)
{
    /// <inheritdoc/>
    public override bool HasUpperBounds => Similarity == CodeSimilarity.Query;

    private CodeSimilarity Similarity { get; } = CodeArgument.Parse(spec, allowsResidual: false).Similarity;

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        int[] codes = parameters.First.Encode(entries.Values);
        int[][] sets = new int[entries.EntryCount][];
        long codeCount = 0;
        for (int entry = 0; entry < sets.Length; entry++)
        {
            sets[entry] = [.. codes[entries.RowOffsets[entry]..entries.RowOffsets[entry + 1]].Distinct().Order()];
            codeCount += sets[entry].Length;
        }

        byte[] chunk = new byte[CodeChunk.GetSize(sets.Length, codeCount, sizeof(ushort), 0)];
        Span<byte> target = chunk.AsSpan(CodeChunk.GetCodesStart(sets.Length));
        int offset = 0;
        for (int entry = 0; entry < sets.Length; entry++)
        {
            EntryReach.Measure(parameters.First, entries[entry], codes.AsSpan(entries.RowOffsets[entry]..entries.RowOffsets[entry + 1]))
                .Write(chunk, entry);
            CodeChunk.WriteOffset(chunk, sets.Length, entry, offset);
            foreach (int code in sets[entry])
            {
                CodeChunk.WriteCode(target, sizeof(ushort), offset++, code);
            }
        }

        CodeChunk.WriteOffset(chunk, sets.Length, sets.Length, offset);
        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount) =>
        CodeChunk.Check(chunk, entryCount, sizeof(ushort), parameters.First.Count, 0, 0);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query) => CreateScorer(query, threads: 1);

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query, int threads)
    {
        CodecArguments.CheckQuery(query, Dimension);
        return CreateScorer(query, InstructionSets.Best, threads);
    }

    /// <summary>A scorer that uses <paramref name="instructionSet"/>, which this process must support.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet, int threads = 1) =>
        new CodeListScorer(new CodeTable(parameters.First, query, Similarity, threads), instructionSet);

    /// <inheritdoc/>
    public override byte[] WriteParameters() => parameters.Write();
}
