using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Scores rows of 8-bit codes by table look-ups: Σ_i max_j Σ_m table_im[code_jm].</summary>
/// <remarks>
/// Lanes are query rows: a look-up is one load of 32 bytes, two are added as bytes (2 · 127), and the sum of a row stays within 16 bits
/// (<see cref="TableRounding"/>). Integers, so every instruction set gives the same.
/// </remarks>
internal sealed class ByteScorer : CodeScorer
{
    private const int LaneCount = ByteQuery.PanelRowCount;

    private readonly ByteQuery _query;
    private readonly int _tableCount;
    private readonly ScoreBound _bound;
    private readonly InstructionSet _instructionSet;
    private readonly double _tableError;

    /// <summary>A scorer of a query whose tables are set.</summary>
    public ByteScorer(ByteQuery query, int tableCount, ScoreBound bound, InstructionSet instructionSet)
    {
        _query = query;
        _tableCount = tableCount;
        _bound = bound;
        _instructionSet = instructionSet;
        foreach (TableRounding rounding in query.Roundings)
        {
            _tableError += rounding.Error;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        RowStream rows = new(chunk, scores.Length);
        for (int entry = 0; entry < scores.Length; entry++)
        {
            scores[entry] = (float)Score(rows, entry);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        RowStream rows = new(chunk, entryCount);
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = (float)Score(rows, entries[i]);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds)
    {
        RowStream rows = new(chunk, bounds.Length);
        for (int entry = 0; entry < bounds.Length; entry++)
        {
            bounds[entry] = _bound.Raise(Score(rows, entry) + _tableError, rows.GetError(entry));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Score(RowStream rows, int entry)
    {
        (int start, int end) = rows.GetRows(entry);
        ReadOnlySpan<byte> codes = rows.Blocks[(start * _tableCount)..(end * _tableCount)];
        ReadOnlySpan<TableRounding> roundings = _query.Roundings;
        if (_query.Stride == 1)
        {
            return (roundings[0].Step * GetBestOfSingle(codes, _query.GetPanel(0))) + roundings[0].Offset;
        }

        Span<ushort> best = stackalloc ushort[LaneCount];
        double score = 0;
        for (int panel = 0; panel < _query.PanelCount; panel++)
        {
            Fold(codes, end - start, _query.GetPanel(panel), best);
            int firstRow = panel * LaneCount;
            int rowCount = Math.Min(LaneCount, roundings.Length - firstRow);
            for (int row = 0; row < rowCount; row++)
            {
                score += (roundings[firstRow + row].Step * best[row]) + roundings[firstRow + row].Offset;
            }
        }

        return score;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int GetBestOfSingle(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> tables)
    {
        int best = 0;
        ref byte table = ref MemoryMarshal.GetReference(tables);
        ref byte code = ref MemoryMarshal.GetReference(codes);
        for (int row = 0; row < codes.Length; row += _tableCount)
        {
            int sum = 0;
            for (int m = 0; m < _tableCount; m++)
            {
                sum += Unsafe.Add(ref table, (m * ByteQuery.CodeCount) + Unsafe.Add(ref code, row + m));
            }

            best = Math.Max(best, sum);
        }

        return best;
    }

    // Sets the lanes of a panel to the best sums of an entry's rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold(ReadOnlySpan<byte> codes, int rowCount, ReadOnlySpan<byte> tables, Span<ushort> best)
    {
        ref byte code = ref MemoryMarshal.GetReference(codes);
        ref byte table = ref MemoryMarshal.GetReference(tables);
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                FoldAvx512(ref code, rowCount, _tableCount, ref table, ref best[0]);
                break;
            case InstructionSet.Avx2:
                FoldAvx2(ref code, rowCount, _tableCount, ref table, ref best[0]);
                break;
            default:
                FoldScalar(codes, tables, best);
                break;
        }
    }

    private void FoldScalar(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> tables, Span<ushort> best)
    {
        best.Clear();
        for (int row = 0; row < codes.Length; row += _tableCount)
        {
            for (int lane = 0; lane < LaneCount; lane++)
            {
                int sum = 0;
                for (int m = 0; m < _tableCount; m++)
                {
                    sum += tables[(((m * ByteQuery.CodeCount) + codes[row + m]) * LaneCount) + lane];
                }

                best[lane] = (ushort)Math.Max(best[lane], sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldAvx512(ref byte code, int rowCount, int tableCount, ref byte table, ref ushort best)
    {
        Vector512<ushort> largest = default;
        for (int row = 0; row < rowCount; row++)
        {
            Vector512<ushort> sum = default;
            nint offset = 0;
            int m = 0;
            for (; m + 1 < tableCount; m += 2, offset += 2 * ByteQuery.CodeCount * LaneCount)
            {
                Vector256<byte> pair =
                    Vector256.LoadUnsafe(ref Unsafe.Add(ref table, offset + (code * LaneCount)))
                    + Vector256.LoadUnsafe(
                        ref Unsafe.Add(ref table, offset + ((ByteQuery.CodeCount + Unsafe.Add(ref code, 1)) * LaneCount)));
                sum += Avx512BW.ConvertToVector512UInt16(pair);
                code = ref Unsafe.Add(ref code, 2);
            }

            if (m < tableCount)
            {
                sum += Avx512BW.ConvertToVector512UInt16(Vector256.LoadUnsafe(ref Unsafe.Add(ref table, offset + (code * LaneCount))));
                code = ref Unsafe.Add(ref code, 1);
            }

            largest = Avx512BW.Max(largest, sum);
        }

        largest.StoreUnsafe(ref best);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldAvx2(ref byte code, int rowCount, int tableCount, ref byte table, ref ushort best)
    {
        Vector256<ushort> largest0 = default, largest1 = default;
        for (int row = 0; row < rowCount; row++)
        {
            Vector256<ushort> sum0 = default, sum1 = default;
            nint offset = 0;
            int m = 0;
            for (; m + 1 < tableCount; m += 2, offset += 2 * ByteQuery.CodeCount * LaneCount)
            {
                Vector256<byte> pair =
                    Vector256.LoadUnsafe(ref Unsafe.Add(ref table, offset + (code * LaneCount)))
                    + Vector256.LoadUnsafe(
                        ref Unsafe.Add(ref table, offset + ((ByteQuery.CodeCount + Unsafe.Add(ref code, 1)) * LaneCount)));
                sum0 += Avx2.ConvertToVector256Int16(pair.GetLower()).AsUInt16();
                sum1 += Avx2.ConvertToVector256Int16(pair.GetUpper()).AsUInt16();
                code = ref Unsafe.Add(ref code, 2);
            }

            if (m < tableCount)
            {
                Vector256<byte> last = Vector256.LoadUnsafe(ref Unsafe.Add(ref table, offset + (code * LaneCount)));
                sum0 += Avx2.ConvertToVector256Int16(last.GetLower()).AsUInt16();
                sum1 += Avx2.ConvertToVector256Int16(last.GetUpper()).AsUInt16();
                code = ref Unsafe.Add(ref code, 1);
            }

            largest0 = Avx2.Max(largest0, sum0);
            largest1 = Avx2.Max(largest1, sum1);
        }

        largest0.StoreUnsafe(ref best);
        largest1.StoreUnsafe(ref Unsafe.Add(ref best, Vector256<ushort>.Count));
    }
}
