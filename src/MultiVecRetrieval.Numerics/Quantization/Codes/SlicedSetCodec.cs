using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>A set of codes per entry, bit-sliced.</summary>
/// <remarks>The chunk: the <see cref="SlicedSets"/>, then per entry an <see cref="EntryReach"/>.</remarks>
internal sealed class SlicedSetCodec(CodecSpec spec, CodeParameters parameters) : EntryCodec(spec, parameters.First.Dimension)
{
    /// <inheritdoc/>
    public override bool HasUpperBounds => Similarity == CodeSimilarity.Query;

    private CodeSimilarity Similarity { get; } = CodeArgument.Parse(spec, allowsResidual: false).Similarity;

    /// <inheritdoc/>
    public override byte[] Encode(EntryRows entries)
    {
        CodecArguments.CheckEntries(entries, Dimension);
        int count = entries.EntryCount;
        int codeCount = parameters.First.Count;
        int[] codes = parameters.First.Encode(entries.Values);
        long size = GetSize(count);
        byte[] chunk = size <= Array.MaxLength
            ? new byte[size]
            : throw new ArgumentException(
                $"The chunk would take {size} bytes, at most {Array.MaxLength} are possible: encode fewer entries.", nameof(entries));
        Span<byte> sets = chunk.AsSpan(0, (int)SlicedSets.GetSize(count, codeCount));
        for (int entry = 0; entry < count; entry++)
        {
            ReadOnlySpan<int> entryCodes = codes.AsSpan(entries.RowOffsets[entry]..entries.RowOffsets[entry + 1]);
            foreach (int code in entryCodes)
            {
                SlicedSets.Add(sets, count, codeCount, entry, code);
            }

            EntryReach.Measure(parameters.First, entries[entry], entryCodes).Write(chunk.AsSpan(sets.Length), entry);
        }

        return chunk;
    }

    /// <inheritdoc/>
    public override void Check(ReadOnlySpan<byte> chunk, int entryCount)
    {
        if (entryCount < 1 || chunk.Length != GetSize(entryCount))
        {
            throw new InvalidDataException(
                $"A chunk of {entryCount} entries takes {GetSize(entryCount)} bytes, {chunk.Length} were given.");
        }

        SlicedSets.Check(chunk, entryCount, parameters.First.Count);
        EntryReach.Check(chunk[(int)SlicedSets.GetSize(entryCount, parameters.First.Count)..], entryCount);
    }

    /// <inheritdoc/>
    public override CodeScorer CreateScorer(MultiVectorView query)
    {
        CodecArguments.CheckQuery(query, Dimension);
        return CreateScorer(query, InstructionSets.Best);
    }

    /// <summary>A scorer that uses <paramref name="instructionSet"/>, which this process must support.</summary>
    internal CodeScorer CreateScorer(MultiVectorView query, InstructionSet instructionSet) =>
        new SlicedSetScorer(new CodeTable(parameters.First, query, Similarity), instructionSet);

    /// <inheritdoc/>
    public override byte[] WriteParameters() => parameters.Write();

    private long GetSize(int entryCount) =>
        SlicedSets.GetSize(entryCount, parameters.First.Count) + ((long)entryCount * EntryReach.SizeInBytes);
}
