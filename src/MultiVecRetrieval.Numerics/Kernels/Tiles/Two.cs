namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Two vectors: the halves of a block, or the even and the odd values of one.</summary>
internal struct Two<TVector>
    where TVector : struct
{
    public TVector A;
    public TVector B;
}
