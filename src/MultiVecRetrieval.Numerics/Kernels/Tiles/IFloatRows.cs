using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Reads stored values as float32 lanes.</summary>
internal interface IFloatRows
{
    /// <summary>Bytes of a stored value.</summary>
    static abstract int ValueSize { get; }

    /// <summary>Reads 16 values.</summary>
    static abstract Vector512<float> Load512(ref byte source);

    /// <summary>Reads 8 values.</summary>
    static abstract Vector256<float> Load256(ref byte source);
}
