using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>What the kernels of Int8 blocks share.</summary>
internal static class Int8Blocks
{
    /// <summary>Bytes of a block in a step.</summary>
    public const int StepSize = PackedRows.BlockRowCount * Int8Query.StepLength;

    private const byte TopBit = 0x80;

    /// <summary>64 codes, each 128 too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadUnsigned512(ref byte source) => Vector512.LoadUnsafe(ref source) ^ Vector512.Create(TopBit);

    /// <summary>32 codes, each 128 too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadUnsigned256(ref byte source) => Vector256.LoadUnsafe(ref source) ^ Vector256.Create(TopBit);

    /// <summary>Four query codes in every 32-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<sbyte> Broadcast512(ref byte query) => Vector512.Create(Unsafe.ReadUnaligned<int>(ref query)).AsSByte();

    /// <summary>Where the scales of a block begin: after its codes, which may end amid the last step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte GetScales(ref byte stepsEnd, nint blockSize, int stepCount) =>
        ref Unsafe.Add(ref stepsEnd, blockSize - (stepCount * StepSize) - PackedRows.Int8ScalesSize);

    /// <summary>Similarities before the query's scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale512(Vector512<int> sum, ref byte scales) =>
        Avx512F.Multiply(Avx512F.ConvertToVector512Single(sum), Vector512.LoadUnsafe(ref scales).AsSingle());
}
