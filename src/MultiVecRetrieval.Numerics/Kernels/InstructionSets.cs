using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Which instruction sets this process may use.</summary>
internal static class InstructionSets
{
    /// <summary>The widest supported level.</summary>
    public static InstructionSet Best { get; } =
        IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512
        : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2
        : InstructionSet.Scalar;

    /// <summary>True when this process can run <paramref name="level"/>.</summary>
    public static bool IsSupported(InstructionSet level) => level switch
    {
        InstructionSet.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
