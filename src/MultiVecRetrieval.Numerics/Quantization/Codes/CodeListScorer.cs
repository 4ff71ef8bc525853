using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores one two-byte code per row, or per distinct code: Σ_i max over the codes.</summary>
internal sealed class CodeListScorer(CodeTable table, InstructionSet instructionSet) : CodeChunkScorer(table, sizeof(ushort), residualSize: 0)
{
    private readonly CodeMaximaTable _values = new(instructionSet, table.Similarities, table.QueryRowCount, table.CodeCount);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Raise(CodeChunk chunk, int entry, int firstRow, Span<float> maxima) =>
        _values.Raise(firstRow, chunk.GetCodes<ushort>(entry), maxima);

    /// <inheritdoc/>
    protected override float GetBound(CodeChunk chunk, int entry)
    {
        EntryReach reach = EntryReach.Read(chunk.Reaches, entry);
        return Table.GetBound(SumCosineBounds(chunk, entry, (double)reach.Spread), reach.MaxNorm);
    }
}
