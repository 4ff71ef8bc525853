using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores chunks of one byte per row: the codes of 512 entries become bit-sliced sets, which are scored together.</summary>
/// <remarks>
/// A row costs one store of a byte into 256 flags, whatever the number of query rows, and the flags of an entry become bits 32 at a time.
/// Eight entries have flags of their own, so that reading the flags of one does not wait for the stores of the same.
/// </remarks>
internal sealed class ByteCodeScorer(CodeTable table, InstructionSet instructionSet) : BlockSetScorer(table, instructionSet)
{
    private const int FlagsLength = SlicedSets.MaxCodeCount;
    private const int WordCount = FlagsLength / 64;
    private const int GroupEntryCount = 8;
    private const int WordEntryCount = 64;
    private readonly int _codeCount = table.CodeCount;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override ReadOnlySpan<byte> GetBlock(
        ReadOnlySpan<byte> chunk, int entryCount, int block, ReadOnlySpan<byte> wanted, Span<byte> scratch)
    {
        CodeChunk view = new(chunk, entryCount, sizeof(byte), 0);
        Span<byte> flags = stackalloc byte[GroupEntryCount * FlagsLength];
        Span<ulong> words = stackalloc ulong[WordCount * WordEntryCount];
        Span<ulong> planes = MemoryMarshal.Cast<byte, ulong>(scratch);
        for (int word = 0; word < SlicedSets.PlaneSize / sizeof(ulong); word++)
        {
            words.Clear();
            for (int group = 0; group < WordEntryCount; group += GroupEntryCount)
            {
                byte isWanted = wanted[(word * sizeof(ulong)) + (group / GroupEntryCount)];
                if (isWanted == 0)
                {
                    continue;
                }

                flags.Clear();
                int first = (block * SlicedSets.BlockEntryCount) + (word * WordEntryCount) + group;
                for (int bits = isWanted; bits != 0; bits &= bits - 1)
                {
                    int entry = BitOperations.TrailingZeroCount(bits);
                    Flag(view.GetCodes<byte>(first + entry), ref flags[entry * FlagsLength]);
                }

                for (int bits = isWanted; bits != 0; bits &= bits - 1)
                {
                    int entry = BitOperations.TrailingZeroCount(bits);
                    for (int part = 0; part < WordCount; part++)
                    {
                        words[(part * WordEntryCount) + group + entry] = GetBits(flags.Slice((entry * FlagsLength) + (part * 64), 64));
                    }
                }
            }

            for (int part = 0; part < WordCount && part * 64 < _codeCount; part++)
            {
                Span<ulong> square = words.Slice(part * WordEntryCount, WordEntryCount);
                SlicedSets.Transpose(square);
                int codeCount = Math.Min(64, _codeCount - (part * 64));
                for (int code = 0; code < codeCount; code++)
                {
                    planes[(((part * 64) + code) * (SlicedSets.PlaneSize / sizeof(ulong))) + word] = square[code];
                }
            }
        }

        return scratch;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override float ScoreOne(ReadOnlySpan<byte> chunk, int entryCount, int entry)
    {
        // The flags of one entry are planes of one byte, of which entry 0 reads the lowest bit.
        Span<byte> flags = stackalloc byte[FlagsLength];
        flags.Clear();
        Flag(new CodeChunk(chunk, entryCount, sizeof(byte), 0).GetCodes<byte>(entry), ref flags[0]);
        return Kernel.ScoreOne(flags, planeSize: 1, entry: 0);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> GetReaches(ReadOnlySpan<byte> chunk, int entryCount) =>
        new CodeChunk(chunk, entryCount, sizeof(byte), 0).Reaches;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flag(ReadOnlySpan<byte> codes, ref byte flags)
    {
        foreach (byte code in codes)
        {
            Unsafe.Add(ref flags, (nint)code) = 0xFF;
        }
    }

    // The highest bits of 64 flags.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong GetBits(ReadOnlySpan<byte> flags)
    {
        ref byte first = ref MemoryMarshal.GetReference(flags);
        return Vector256.LoadUnsafe(ref first).ExtractMostSignificantBits()
            | ((ulong)Vector256.LoadUnsafe(ref first, 32).ExtractMostSignificantBits() << 32);
    }
}
