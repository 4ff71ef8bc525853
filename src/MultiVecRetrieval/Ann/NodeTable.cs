using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// Nodes of a graph in memory, one record each: codes, then scale, squared length and number of links (of bit-planes: factor, offsets and
/// number of links), then the links. What is scored and what is followed next lie side by side. The lifetime of the memory is its owner's
/// business.
/// </summary>
/// <param name="start">The first record; 64-byte aligned for speed.</param>
/// <param name="stride">Bytes of a record.</param>
/// <param name="codeLength">Bytes of the codes of a node: int8 codes are a multiple of 64, bit-planes of 8.</param>
/// <param name="maxDegree">Links a record has room for.</param>
internal readonly unsafe struct NodeTable(byte* start, long stride, int codeLength, int maxDegree)
{
    /// <summary>Bytes between codes and links: scale, squared length, degree, zero; of bit-planes factor, offset, degree, offset.</summary>
    public const int HeadLength = 16;

    public readonly int CodeLength = codeLength;

    public readonly int MaxDegree = maxDegree;

    /// <summary>Bytes of a record: a multiple of 64, so that codes begin on a cache line.</summary>
    public static int GetStride(int codeLength, int maxDegree) => (codeLength + HeadLength + (maxDegree * sizeof(int)) + 63) & -64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* GetRecord(int node) => start + (node * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public sbyte* GetCodes(int node) => (sbyte*)(start + (node * stride));

    /// <summary>A value of the row is code × scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float GetScale(int node) => ref *(float*)(start + (node * stride) + CodeLength);

    /// <summary>The squared length of the centred row, as its codes tell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float GetNorm(int node) => ref *(float*)(start + (node * stride) + CodeLength + sizeof(float));

    /// <summary>What the inner product with the levels of bit-planes is multiplied with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float GetFactor(int node) => ref GetScale(node);

    /// <summary>What the mean of a modality of queries has with the row of bit-planes: that of queries like the rows, or of the
    /// sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float GetOffset(int node, int modality)
        => ref *(float*)(start + (node * stride) + CodeLength + sizeof(float) + (modality * 2 * sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int GetDegree(int node) => ref *(int*)(start + (node * stride) + CodeLength + (2 * sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* GetLinks(int node) => (int*)(start + (node * stride) + CodeLength + HeadLength);
}
