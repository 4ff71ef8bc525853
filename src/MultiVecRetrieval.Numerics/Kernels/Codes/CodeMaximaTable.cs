using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>The similarities of query rows with many codes, laid out to find, per query row, the greatest of a list of codes.</summary>
/// <remarks>
/// Query rows lie in runs of 16, one cache line a code; up to 8 that are left over take 4 or 8 values a code. The table of 20 query rows
/// and 16,384 codes is read here and there from the L2 cache, which it is too large for: it has no line that is half filling, and none is
/// read in two parts. No value is NaN, so the maxima are the same at every level.
/// </remarks>
internal sealed class CodeMaximaTable
{
    /// <summary>Query rows of a run.</summary>
    public const int Run = CodeMaxima.Run;

    private const int BlockLength = 128;

    private readonly InstructionSet _instructionSet;
    private readonly int _codeCount;
    private readonly int _runCount;
    private readonly int _tailWidth;
    private readonly byte[] _memory;
    private readonly int _offset;

    /// <param name="instructionSet">A supported level.</param>
    /// <param name="similarities">[query rows × codes], none NaN.</param>
    /// <param name="queryRowCount">Query rows.</param>
    /// <param name="codeCount">Codes.</param>
    public CodeMaximaTable(InstructionSet instructionSet, ReadOnlySpan<float> similarities, int queryRowCount, int codeCount)
    {
        _instructionSet = instructionSet;
        _codeCount = codeCount;
        int tail = queryRowCount % Run;
        _runCount = (queryRowCount / Run) + (tail > 8 ? 1 : 0);
        _tailWidth = tail is 0 or > 8 ? 0 : tail <= 4 ? 4 : 8;
        _memory = CacheLines.Allocate(checked(codeCount * ((_runCount * Run) + _tailWidth) * sizeof(float)), out _offset);
        Span<float> table = MemoryMarshal.Cast<byte, float>(_memory.AsSpan(_offset, _memory.Length - _offset));
        for (int row = 0; row < queryRowCount; row += Run)
        {
            int width = row / Run < _runCount ? Run : _tailWidth;
            Transpose(similarities[(row * codeCount)..], Math.Min(Run, queryRowCount - row), width, table[(row * codeCount)..]);
        }
    }

    /// <summary>Raises maxima to the values of codes.</summary>
    /// <param name="firstRow">The query row of the first maximum, a multiple of <see cref="Run"/>.</param>
    /// <param name="codes">Codes within the table.</param>
    /// <param name="maxima">Whole runs; those of no query row stay as they are, or become 0 at least.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Raise<TCode>(int firstRow, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        int run = firstRow / Run;
        while (!maxima.IsEmpty)
        {
            int rest = maxima.Length / Run;
            int wholeRuns = Math.Min(rest, _runCount - run);
            int used = _instructionSet == InstructionSet.Avx512 ? Raise512(run, wholeRuns, rest, codes, maxima)
                : wholeRuns > 0 ? RaiseRun(run, codes, maxima)
                : RaiseTail(codes, maxima);
            maxima = maxima[(used * Run)..];
            run += used;
        }
    }

    // One pass over the codes for two runs, or for a run and what is left over; returns the runs done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Raise512<TCode>(int run, int wholeRuns, int rest, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        if (wholeRuns == 0)
        {
            return RaiseTail(codes, maxima);
        }

        ref float values = ref GetRun(run);
        ref float target = ref MemoryMarshal.GetReference(maxima);
        Vector512<float> best = Vector512.LoadUnsafe(ref target);
        if (wholeRuns > 1)
        {
            ref float others = ref GetRun(run + 1);
            Vector512<float> second = Vector512.LoadUnsafe(ref target, Run);
            foreach (TCode code in codes)
            {
                nuint offset = (nuint)uint.CreateTruncating(code) * Run;
                best = Avx512F.Max(Vector512.LoadUnsafe(ref values, offset), best);
                second = Avx512F.Max(Vector512.LoadUnsafe(ref others, offset), second);
            }

            best.StoreUnsafe(ref target);
            second.StoreUnsafe(ref target, Run);
            return 2;
        }

        if (rest == 1 || _tailWidth == 0)
        {
            foreach (TCode code in codes)
            {
                best = Avx512F.Max(Vector512.LoadUnsafe(ref values, (nuint)uint.CreateTruncating(code) * Run), best);
            }

            best.StoreUnsafe(ref target);
            return 1;
        }

        ref float tail = ref GetRun(_runCount);
        if (_tailWidth == 4)
        {
            Vector128<float> few = Vector128.LoadUnsafe(ref target, Run);
            foreach (TCode code in codes)
            {
                nuint index = uint.CreateTruncating(code);
                best = Avx512F.Max(Vector512.LoadUnsafe(ref values, index * Run), best);
                few = Sse.Max(Vector128.LoadUnsafe(ref tail, index * 4), few);
            }

            few.StoreUnsafe(ref target, Run);
        }
        else
        {
            Vector256<float> few = Vector256.LoadUnsafe(ref target, Run);
            foreach (TCode code in codes)
            {
                nuint index = uint.CreateTruncating(code);
                best = Avx512F.Max(Vector512.LoadUnsafe(ref values, index * Run), best);
                few = Avx.Max(Vector256.LoadUnsafe(ref tail, index * 8), few);
            }

            few.StoreUnsafe(ref target, Run);
        }

        best.StoreUnsafe(ref target);
        return 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int RaiseRun<TCode>(int run, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        ref float values = ref GetRun(run);
        if (_instructionSet == InstructionSet.Scalar)
        {
            RaiseScalar(ref values, Run, codes, maxima);
            return 1;
        }

        ref float target = ref MemoryMarshal.GetReference(maxima);
        Vector256<float> lower = Vector256.LoadUnsafe(ref target);
        Vector256<float> upper = Vector256.LoadUnsafe(ref target, 8);
        foreach (TCode code in codes)
        {
            nuint offset = (nuint)uint.CreateTruncating(code) * Run;
            lower = Avx.Max(Vector256.LoadUnsafe(ref values, offset), lower);
            upper = Avx.Max(Vector256.LoadUnsafe(ref values, offset + 8), upper);
        }

        lower.StoreUnsafe(ref target);
        upper.StoreUnsafe(ref target, 8);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int RaiseTail<TCode>(ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        ref float values = ref GetRun(_runCount);
        ref float target = ref MemoryMarshal.GetReference(maxima);
        if (_instructionSet == InstructionSet.Scalar)
        {
            RaiseScalar(ref values, _tailWidth, codes, maxima);
        }
        else if (_tailWidth == 4)
        {
            Vector128<float> few = Vector128.LoadUnsafe(ref target);
            foreach (TCode code in codes)
            {
                few = Sse.Max(Vector128.LoadUnsafe(ref values, (nuint)uint.CreateTruncating(code) * 4), few);
            }

            few.StoreUnsafe(ref target);
        }
        else
        {
            Vector256<float> few = Vector256.LoadUnsafe(ref target);
            foreach (TCode code in codes)
            {
                few = Avx.Max(Vector256.LoadUnsafe(ref values, (nuint)uint.CreateTruncating(code) * 8), few);
            }

            few.StoreUnsafe(ref target);
        }

        return 1;
    }

    private static void RaiseScalar<TCode>(ref float values, int width, ReadOnlySpan<TCode> codes, Span<float> maxima)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        foreach (TCode code in codes)
        {
            for (int lane = 0; lane < width; lane++)
            {
                float value = Unsafe.Add(ref values, ((nuint)uint.CreateTruncating(code) * (nuint)width) + (nuint)lane);
                maxima[lane] = value > maxima[lane] ? value : maxima[lane];
            }
        }
    }

    private ref float GetRun(int run) =>
        ref Unsafe.As<byte,
            float>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory),
            _offset + ((nint)run * _codeCount * Run * sizeof(float))));

    // So few codes at a time that their part of the table stays in the L1 cache for all query rows.
    private void Transpose(ReadOnlySpan<float> similarities, int rowCount, int width, Span<float> table)
    {
        for (int first = 0; first < _codeCount; first += BlockLength)
        {
            int count = Math.Min(BlockLength, _codeCount - first);
            Span<float> part = table.Slice(first * width, count * width);
            for (int row = 0; row < rowCount; row++)
            {
                ReadOnlySpan<float> values = similarities.Slice((row * _codeCount) + first, count);
                for (int code = 0; code < values.Length; code++)
                {
                    part[(code * width) + row] = values[code];
                }
            }
        }
    }
}
