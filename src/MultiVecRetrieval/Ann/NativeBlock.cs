using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ann;

/// <summary>Zeroed memory outside of the managed heap, 64-byte aligned, of any length.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    public NativeBlock(long length)
    {
        Length = length;
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 64), 64);
        NativeMemory.Clear(Start, (nuint)length);
    }

    ~NativeBlock() => Free();

    public byte* Start { get; private set; }

    public long Length { get; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
