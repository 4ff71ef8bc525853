using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;

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

    /// <summary>Bytes of a record without neighbour codes: a multiple of 64, so that codes begin on a cache line.</summary>
    public static int GetStride(int codeLength, int maxDegree) => (codeLength + HeadLength + (maxDegree * sizeof(int)) + 63) & -64;

    /// <summary>Bytes of a record with neighbour codes after the links: factors and offsets of the links, then their sign codes.</summary>
    public static int GetStrideWithNeighbors(int codeLength, int maxDegree, int paddedDimension) =>
        GetStride(codeLength, maxDegree) + (maxDegree * 3 * sizeof(float))
            + (maxDegree / SignTables.BlockCodeCount * SignTables.GetBlockLength(paddedDimension));

    /// <summary>Links a record has room for where 2M are wanted: with neighbour codes whole blocks of them.</summary>
    public static int GetMaxDegree(int m, bool hasNeighborCodes) =>
        hasNeighborCodes ? ((2 * m) + SignTables.BlockCodeCount - 1) & -SignTables.BlockCodeCount : 2 * m;

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

    /// <summary>Per link what the sum of its signs is multiplied with; only in records with neighbour codes.</summary>
    public float* GetFactors(int node) => (float*)(start + (node * stride) + GetStride(CodeLength, MaxDegree));

    /// <summary>Per link what a query's mean adds: those of queries that are like the rows, then those of the sample of queries.</summary>
    public float* GetOffsets(int node, int modality) => GetFactors(node) + ((1 + modality) * MaxDegree);

    /// <summary>The sign codes of the links, block by block.</summary>
    public byte* GetSigns(int node) => (byte*)GetOffsets(node, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* GetLinks(int node) => (int*)(start + (node * stride) + CodeLength + HeadLength);
}
