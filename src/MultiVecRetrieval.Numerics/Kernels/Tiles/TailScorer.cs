using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Scores the tail of an entry, the rows that are stored as they are, against the rows of one query.</summary>
/// <remarks>
/// A step is 64 bytes of a query row: 16 float32 values, or 64 codes. Float products are added fused into 16 partial sums, product k
/// into sum k mod 16 in the order of k, and the sums in one fixed order (<see cref="FloatTail"/>); Int8 is exact in int32 within the
/// bounds of <see cref="Int8Query"/>. So the bits are the same at every instruction set.
/// </remarks>
internal sealed class TailScorer
{
    /// <summary>Bytes of a query row in one step.</summary>
    internal const int QueryStepSize = 64;

    /// <summary>Float values of a row in one step.</summary>
    internal const int FloatStepValueCount = 16;

    private readonly byte[] _query;
    private readonly int[] _offsets;
    private readonly int _querySize;
    private readonly int _rowSize;
    private readonly int _stepSize;
    private readonly RowFormat _format;
    private readonly InstructionSet _instructionSet;

    /// <summary>Copies <paramref name="query"/>, each row followed by zeros up to whole steps.</summary>
    public TailScorer(MultiVectorView query, RowFormat format, InstructionSet instructionSet)
    {
        bool isInt8 = format == RowFormat.Int8;
        int valuesPerStep = isInt8 ? QueryStepSize : FloatStepValueCount;
        _format = format;
        _instructionSet = instructionSet;
        _rowSize = query.Dimension * (format switch { RowFormat.Float32 => sizeof(float), RowFormat.Float16 => 2, _ => 1 });
        _stepSize = valuesPerStep * (_rowSize / query.Dimension);
        _querySize = (query.Dimension + valuesPerStep - 1) / valuesPerStep * QueryStepSize;
        _query = new byte[checked(query.RowCount * _querySize)];
        _offsets = new int[query.RowCount];
        for (int row = 0; row < query.RowCount; row++)
        {
            Span<byte> steps = _query.AsSpan(row * _querySize, _querySize);
            if (isInt8)
            {
                Span<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(steps);
                Int8Query.Quantize(query.Row(row), codes);
                _offsets[row] = Int8Query.GetOffset(codes);
            }
            else
            {
                query.Row(row).CopyTo(MemoryMarshal.Cast<byte, float>(steps));
            }
        }
    }

    /// <summary>Raises lane t of each query row's 16 lanes to its similarity with row t of the tail; a NaN raises nothing.</summary>
    /// <param name="tail">The tail of <paramref name="tailRowCount"/> rows.</param>
    /// <param name="tailRowCount">At least 1, at most <see cref="PackedRows.MaxTailRowCount"/>.</param>
    /// <param name="firstQueryRow">The first query row to score.</param>
    /// <param name="queryRowCount">Query rows to score.</param>
    /// <param name="lanes">[query rows][16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fold(ReadOnlySpan<byte> tail, int tailRowCount, int firstQueryRow, int queryRowCount, Span<float> lanes)
    {
        Span<byte> lastStep = stackalloc byte[QueryStepSize];
        int lastSize = _rowSize % _stepSize;
        int dimension = _format == RowFormat.Int8 ? _rowSize : 0;
        if (lastSize != 0)
        {
            lastStep.Clear();
        }

        scoped TailRow row = default;
        row.LastStep = ref MemoryMarshal.GetReference(lastStep);
        row.StepCount = _rowSize / _stepSize;
        row.HasLastStep = lastSize != 0;
        for (int index = 0; index < tailRowCount; index++)
        {
            ReadOnlySpan<byte> values = tail.Slice(index * _rowSize, _rowSize);
            values[^lastSize..].CopyTo(lastStep);
            row.Steps = ref MemoryMarshal.GetReference(values);
            row.Scale = dimension > 0 ? PackedRows.GetInt8TailScale(tail, tailRowCount, dimension, index) : 1;
            FoldRow(ref row, values, firstQueryRow, queryRowCount, lanes[index..]);
        }
    }

    /// <summary>True when a row consists of whole steps, and vectors take them.</summary>
    public bool CanScoreOne => _rowSize % _stepSize == 0 && _instructionSet != InstructionSet.Scalar;

    /// <summary>The similarity of the first query row with a tail of one row, to the bit as <see cref="Fold"/>; negative infinity for
    /// NaN.</summary>
    /// <param name="tail">The tail. Call it only when <see cref="CanScoreOne"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float ScoreOne(ref byte tail)
    {
        ref byte query = ref MemoryMarshal.GetArrayDataReference(_query);
        int stepCount = _querySize / QueryStepSize;
        float similarity;
        if (_instructionSet == InstructionSet.Avx512)
        {
            similarity = _format switch
            {
                RowFormat.Float32
                    => TailKernel<FloatTailAvx512<Float32Rows>, Vector512<float>,
                    Vector512<float>>.Dot(ref tail, ref query, stepCount, 0, 1),
                RowFormat.Float16
                    => TailKernel<FloatTailAvx512<Float16Rows>, Vector512<float>,
                    Vector512<float>>.Dot(ref tail, ref query, stepCount, 0, 1),
                _ => TailKernel<Int8TailAvx512, Vector512<int>,
                    Vector512<byte>>.Dot(ref tail, ref query, stepCount, _offsets[0], GetScale(ref tail)),
            };
        }
        else
        {
            similarity = _format switch
            {
                RowFormat.Float32
                    => TailKernel<FloatTailAvx2<Float32Rows>, Two<Vector256<float>>,
                    Two<Vector256<float>>>.Dot(ref tail, ref query, stepCount, 0, 1),
                RowFormat.Float16
                    => TailKernel<FloatTailAvx2<Float16Rows>, Two<Vector256<float>>,
                    Two<Vector256<float>>>.Dot(ref tail, ref query, stepCount, 0, 1),
                _ => TailKernel<Int8TailAvx2, Two<Vector256<int>>,
                    Two<Vector256<byte>>>.Dot(ref tail, ref query, stepCount, _offsets[0], GetScale(ref tail)),
            };
        }

        return similarity > float.NegativeInfinity ? similarity : float.NegativeInfinity;
    }

    private float GetScale(ref byte tail) => Unsafe.ReadUnaligned<float>(ref Unsafe.Add(ref tail, _rowSize));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldRow(ref TailRow row, ReadOnlySpan<byte> values, int firstQueryRow, int count, Span<float> lanes)
    {
        ref byte query = ref _query[firstQueryRow * _querySize];
        ref int offset = ref _offsets[firstQueryRow];
        ref float best = ref MemoryMarshal.GetReference(lanes);
        switch (_instructionSet)
        {
            case InstructionSet.Avx512 when _format == RowFormat.Float32:
                TailKernel<FloatTailAvx512<Float32Rows>, Vector512<float>, Vector512<float>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            case InstructionSet.Avx512 when _format == RowFormat.Float16:
                TailKernel<FloatTailAvx512<Float16Rows>, Vector512<float>, Vector512<float>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            case InstructionSet.Avx512:
                TailKernel<Int8TailAvx512, Vector512<int>, Vector512<byte>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            case InstructionSet.Avx2 when _format == RowFormat.Float32:
                TailKernel<FloatTailAvx2<Float32Rows>, Two<Vector256<float>>, Two<Vector256<float>>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            case InstructionSet.Avx2 when _format == RowFormat.Float16:
                TailKernel<FloatTailAvx2<Float16Rows>, Two<Vector256<float>>, Two<Vector256<float>>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            case InstructionSet.Avx2:
                TailKernel<Int8TailAvx2, Two<Vector256<int>>, Two<Vector256<byte>>>.Fold(
                    ref row, ref query, _querySize, ref offset, count, ref best);
                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<byte> queryRow = _query.AsSpan((firstQueryRow + i) * _querySize, _querySize);
                    float similarity = ScalarTail.Dot(_format, queryRow, values, row.Scale);
                    ref float lane = ref lanes[i * PackedRows.BlockRowCount];
                    lane = similarity > lane ? similarity : lane;
                }

                break;
        }
    }
}
