using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Memory that a kernel asks for while it works on other memory, a little in every step, because it comes next.</summary>
/// <remarks>
/// All tiles pass over a chunk, and only the first waits for memory: without this the memory would rest during the others. And a processor
/// looks a few hundred instructions ahead, which are few bytes where much is computed with each. An address is
/// no reference: it may lie behind the entry, where the next one begins as a rule, and asking for what is not there does nothing.
/// </remarks>
/// <param name="Address">The first byte.</param>
/// <param name="Length">Bytes to ask for in the course of one call; 0 for none.</param>
internal readonly record struct ReadAhead(nint Address, nint Length)
{
    // Of 2, 4, 8 and 16 KiB the last gave most: int8 pages of 520 rows and 4 query rows from memory 1.8 times as fast as without.
    private const int Distance = 16 << 10;

    /// <summary>Part <paramref name="index"/> of <paramref name="count"/> equal parts of what follows <paramref name="chunk"/>, as long as
    /// itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ReadAhead After(ReadOnlySpan<byte> chunk, int index, int count)
    {
        nint length = chunk.Length / count;
        return new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(chunk)) + chunk.Length + (index * length), length);
    }

    /// <summary>What lies a distance behind each part of <paramref name="chunk"/>, for a call that reads it once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ReadAhead Behind(ReadOnlySpan<byte> chunk) =>
        new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(chunk)) + Distance, chunk.Length);

    /// <summary>What belongs to the first blocks of a call, and what to the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ReadAhead First, ReadAhead Others) Split(int firstCount, int count)
    {
        nint length = Length / count * firstCount;
        return (new(Address, length), new(Address + length, Length - length));
    }

    /// <summary>Where to ask when there is nothing to ask for: what is being read costs nothing, while an address of nowhere is searched
    /// for again and again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe nint GetAddress(ref byte source) => (nint)Unsafe.AsPointer(ref source);

    /// <summary>Asks for lines from an address on, into the second level cache.</summary>
    /// <param name="address">Of the first line.</param>
    /// <param name="lineCount">1, 2 or 4; a constant, so that nothing of the choice is left.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(nint address, int lineCount)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        Sse.Prefetch1((void*)address);
        if (lineCount > 1)
        {
            Sse.Prefetch1((void*)(address + CacheLines.Size));
        }

        if (lineCount > 2)
        {
            Sse.Prefetch1((void*)(address + (2 * CacheLines.Size)));
            Sse.Prefetch1((void*)(address + (3 * CacheLines.Size)));
        }
    }
}
