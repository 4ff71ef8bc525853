using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Memory that begins with a cache line, so that no vector of 64 bytes lies across two: those take twice as long to
/// read.</summary>
internal static class CacheLines
{
    /// <summary>Bytes of a line.</summary>
    public const int Size = 64;

    /// <summary>An array with room for <paramref name="count"/> bytes from the first line on; the collector does not move it.</summary>
    /// <param name="count">Bytes that are needed.</param>
    /// <param name="offset">Where the first line begins.</param>
    public static byte[] Allocate(int count, out int offset)
    {
        byte[] bytes = GC.AllocateArray<byte>(count + Size - 1, pinned: true);
        offset = GetOffset(ref MemoryMarshal.GetArrayDataReference(bytes));
        return bytes;
    }

    /// <summary>The part of memory on the stack that begins with a line; up to 63 bytes at the beginning are left out.</summary>
    public static Span<T> Align<T>(Span<T> onStack)
        where T : unmanaged =>
        onStack[(GetOffset(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(onStack))) / Unsafe.SizeOf<T>())..];

    private static int GetOffset(ref byte memory) => (int)(-Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref memory) & (Size - 1));
}
