using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores one two-byte code per row, or per distinct code: Σ_i max over the codes.</summary>
/// <remarks>
/// With more than <see cref="MaxExactRowCount"/> query rows similarities are rounded to the levels of a <see cref="LevelTable"/>, which
/// adds to each row an error far below that of its code and makes lists twice as fast to read. Bounds come from similarities that are not
/// rounded.
/// </remarks>
internal sealed class CodeListScorer(CodeTable table, InstructionSet instructionSet)
    : CodeChunkScorer(table, sizeof(ushort), residualSize: 0)
{
    /// <summary>Query rows up to which similarities are used as they are: so many float32 values take no more room than levels of 32
    /// rows.</summary>
    public const int MaxExactRowCount = 8;

    private readonly LevelTable? _levels = table.QueryRowCount > MaxExactRowCount
        ? LevelTable.TryCreate(instructionSet, table.Similarities, table.QueryRowCount)
        : null;

    private readonly Lazy<CodeMaximaTable> _values =
        new(() => new CodeMaximaTable(instructionSet, table.Similarities, table.QueryRowCount, table.CodeCount));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        if (_levels is null)
        {
            base.Score(chunk, scores);
            return;
        }

        CodeChunk view = new(chunk, scores.Length, sizeof(ushort), residualSize: 0);
        for (int entry = 0; entry < scores.Length; entry++)
        {
            scores[entry] = _levels.Score(view.GetCodes<ushort>(entry));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        if (_levels is null)
        {
            base.Score(chunk, entryCount, entries, scores);
            return;
        }

        CodeChunk view = new(chunk, entryCount, sizeof(ushort), residualSize: 0);
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = _levels.Score(view.GetCodes<ushort>(entries[i]));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Raise(CodeChunk chunk, int entry, int firstRow, Span<float> maxima) =>
        _values.Value.Raise(firstRow, chunk.GetCodes<ushort>(entry), maxima);

    /// <inheritdoc/>
    protected override float GetBound(CodeChunk chunk, int entry)
    {
        EntryReach reach = EntryReach.Read(chunk.Reaches, entry);
        return Table.GetBound(SumCosineBounds(chunk, entry, (double)reach.Spread), reach.MaxNorm);
    }
}
