namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>The instructions that a kernel is written for; each level gives the same bits as <see cref="Scalar"/>.</summary>
internal enum InstructionSet
{
    /// <summary>Plain C#: the definition of every kernel.</summary>
    Scalar = 0,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2 = 1,

    /// <summary>512-bit vectors with byte and word instructions.</summary>
    Avx512 = 2,
}
