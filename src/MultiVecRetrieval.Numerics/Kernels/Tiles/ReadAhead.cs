using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Memory that a kernel asks for while it works on other memory, a little in every step, because it comes next.</summary>
/// <remarks>
/// All tiles pass over a chunk, and only the first waits for memory: without this the memory would rest during the others. An address is
/// no reference: it may lie behind the entry, where the next one begins as a rule, and asking for what is not there does nothing.
/// </remarks>
/// <param name="Address">The first byte.</param>
/// <param name="Length">Bytes to ask for in the course of one call; 0 for none.</param>
internal readonly record struct ReadAhead(nint Address, nint Length)
{
    /// <summary>Part <paramref name="index"/> of <paramref name="count"/> equal parts of what follows <paramref name="chunk"/>, as long as
    /// itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ReadAhead After(ReadOnlySpan<byte> chunk, int index, int count)
    {
        nint length = chunk.Length / count;
        return new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(chunk)) + chunk.Length + (index * length), length);
    }

    /// <summary>Where to ask when there is nothing to ask for: what is being read costs nothing, while an address of nowhere is searched
    /// for again and again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe nint GetAddress(ref byte source) => (nint)Unsafe.AsPointer(ref source);

    /// <summary>Asks for the line at an address, into the second level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(nint address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1((void*)address);
        }
    }
}
