using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>The similarities of query rows with many codes, rounded to 256 levels: Σ_i max over a list of codes, of levels.</summary>
/// <remarks>
/// <para>The level of s for query row i is (s - l_i) / step, rounded to the nearest integer and half to even, with l_i the least similarity
/// of the row and step = max_i (h_i - l_i) / 255 for the greatest, h_i. A level stands for l_i + step · level. Sums of levels are exact
/// integers, so scores are the same at every instruction set.</para>
/// <para>A code takes 32 bytes for up to 32 query rows, 16 for up to 16: the table of 16,384 codes stays in the L2 cache, where one of
/// float32 values does not, and half a cache line is read per code and run. The error of a row is half a step, 1/510 of the range.</para>
/// </remarks>
internal sealed class LevelTable
{
    private const int Run = 32;
    private const int ShortRun = 16;
    private const int BlockLength = 64;

    private readonly InstructionSet _instructionSet;
    private readonly int _codeCount;
    private readonly int _runCount;
    private readonly bool _hasShortRun;
    private readonly byte[] _memory;
    private readonly int _offset;
    private readonly double _floorSum;
    private readonly double _step;

    private LevelTable(InstructionSet instructionSet, ReadOnlySpan<float> similarities, ReadOnlySpan<float> floors, float range)
    {
        _instructionSet = instructionSet;
        _codeCount = similarities.Length / floors.Length;
        int rest = floors.Length % Run;
        _hasShortRun = rest is > 0 and <= ShortRun;
        _runCount = (floors.Length / Run) + (rest > ShortRun ? 1 : 0);
        _step = range / (double)byte.MaxValue;
        foreach (float floor in floors)
        {
            _floorSum += floor;
        }

        _memory = CacheLines.Allocate(checked(_codeCount * ((_runCount * Run) + (_hasShortRun ? ShortRun : 0))), out _offset);
        Span<byte> table = _memory.AsSpan(_offset);
        for (int row = 0; row < floors.Length; row += Run)
        {
            int width = row / Run < _runCount ? Run : ShortRun;
            int count = Math.Min(Run, floors.Length - row);
            Fill(similarities.Slice(row * _codeCount, count * _codeCount), floors.Slice(row, count), byte.MaxValue / range, width,
                table[(row * _codeCount)..]);
        }
    }

    /// <summary>Rounds; null when no such levels can be: the similarities are all the same, or too far apart for float32.</summary>
    /// <param name="instructionSet">A supported level.</param>
    /// <param name="similarities">[query rows × codes], none NaN.</param>
    /// <param name="queryRowCount">Query rows, at least one.</param>
    public static LevelTable? TryCreate(InstructionSet instructionSet, ReadOnlySpan<float> similarities, int queryRowCount)
    {
        int codeCount = similarities.Length / queryRowCount;
        float[] floors = new float[queryRowCount];
        float range = 0;
        for (int row = 0; row < queryRowCount; row++)
        {
            ReadOnlySpan<float> values = similarities.Slice(row * codeCount, codeCount);
            floors[row] = TensorPrimitives.Min(values);
            range = Math.Max(range, TensorPrimitives.Max(values) - floors[row]);
        }

        // A range of NaN, of infinite similarities, fails both comparisons.
        return float.IsFinite(byte.MaxValue / range) && range <= float.MaxValue
            ? new LevelTable(instructionSet, similarities, floors, range)
            : null;
    }

    /// <summary>Σ_i max over the codes, by what the levels stand for: the sums in float64, rounded once.</summary>
    /// <param name="codes">At least one, all within the table.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score<TCode>(ReadOnlySpan<TCode> codes)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        ref byte table = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _offset);
        long sum = 0;
        for (int run = 0; run < _runCount; run++)
        {
            sum += _instructionSet == InstructionSet.Scalar ? SumScalar(ref table, Run, codes) : SumRun(ref table, codes);
            table = ref Unsafe.Add(ref table, (nint)_codeCount * Run);
        }

        if (_hasShortRun)
        {
            sum += _instructionSet == InstructionSet.Scalar ? SumScalar(ref table, ShortRun, codes) : SumShortRun(ref table, codes);
        }

        return (float)(_floorSum + (_step * sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.AggressiveInlining)]
    private static long SumRun<TCode>(ref byte table, ReadOnlySpan<TCode> codes)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        Vector256<byte> best = Vector256<byte>.Zero;
        foreach (TCode code in codes)
        {
            best = Avx2.Max(Vector256.LoadUnsafe(ref table, (nuint)uint.CreateTruncating(code) * Run), best);
        }

        // Query rows that fill a run have no levels but 0.
        return Vector256.Sum(Avx2.SumAbsoluteDifferences(best, Vector256<byte>.Zero).AsInt64());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.AggressiveInlining)]
    private static long SumShortRun<TCode>(ref byte table, ReadOnlySpan<TCode> codes)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        Vector128<byte> best = Vector128<byte>.Zero;
        foreach (TCode code in codes)
        {
            best = Sse2.Max(Vector128.LoadUnsafe(ref table, (nuint)uint.CreateTruncating(code) * ShortRun), best);
        }

        return Vector128.Sum(Sse2.SumAbsoluteDifferences(best, Vector128<byte>.Zero).AsInt64());
    }

    private static long SumScalar<TCode>(ref byte table, int width, ReadOnlySpan<TCode> codes)
        where TCode : unmanaged, IBinaryInteger<TCode>
    {
        Span<byte> best = stackalloc byte[Run];
        best.Clear();
        foreach (TCode code in codes)
        {
            for (int lane = 0; lane < width; lane++)
            {
                best[lane] = Math.Max(best[lane], Unsafe.Add(ref table, ((nint)uint.CreateTruncating(code) * width) + lane));
            }
        }

        long sum = 0;
        foreach (byte level in best)
        {
            sum += level;
        }

        return sum;
    }

    // So few codes at a time that their part of the table stays in the L1 cache for all query rows; four rows at a time make one 32-bit
    // word a code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(ReadOnlySpan<float> similarities, ReadOnlySpan<float> floors, float inverse, int width, Span<byte> table)
    {
        Span<int> words = stackalloc int[BlockLength];
        for (int first = 0; first < _codeCount; first += BlockLength)
        {
            int count = Math.Min(BlockLength, _codeCount - first);
            Span<int> part = MemoryMarshal.Cast<byte, int>(table.Slice(first * width, count * width));
            for (int group = 0; group < floors.Length; group += sizeof(int))
            {
                words.Clear();
                for (int row = group; row < Math.Min(group + sizeof(int), floors.Length); row++)
                {
                    AddLevels(similarities.Slice((row * _codeCount) + first, count), floors[row], inverse, 8 * (row - group), words);
                }

                for (int code = 0; code < count; code++)
                {
                    part[((code * width) + group) / sizeof(int)] = words[code];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLevels(ReadOnlySpan<float> similarities, float floor, float inverse, int shift, Span<int> words)
    {
        int i = 0;
        if (_instructionSet != InstructionSet.Scalar)
        {
            ref float source = ref MemoryMarshal.GetReference(similarities);
            ref int target = ref MemoryMarshal.GetReference(words);
            for (; i <= similarities.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> scaled =
                    (Vector256.LoadUnsafe(ref source, (nuint)i) - Vector256.Create(floor)) * Vector256.Create(inverse);
                Vector256<int> levels = Vector256.Min(Avx.ConvertToVector256Int32(scaled), Vector256.Create((int)byte.MaxValue));
                (Vector256.LoadUnsafe(ref target, (nuint)i) | Vector256.ShiftLeft(levels, shift)).StoreUnsafe(ref target, (nuint)i);
            }
        }

        for (; i < similarities.Length; i++)
        {
            words[i] |= Math.Min((int)MathF.Round((similarities[i] - floor) * inverse), byte.MaxValue) << shift;
        }
    }
}
