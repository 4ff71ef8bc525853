namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Four vectors, one per block of a group; a struct of four fields is the largest that the JIT promotes to registers.</summary>
internal struct Four<TVector>
    where TVector : struct
{
    public TVector A;
    public TVector B;
    public TVector C;
    public TVector D;
}
