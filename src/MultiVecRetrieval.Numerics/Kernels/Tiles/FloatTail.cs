using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>The order in which the 16 partial sums of a float row are added, the same at every instruction set.</summary>
/// <remarks>Sum i takes sum i + 8, then i + 4, then i + 2, then i + 1. <see cref="ScalarTail"/> says the same in plain C#.</remarks>
internal static class FloatTail
{
    /// <summary>Adds sums 0 to 7 and 8 to 15 to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reduce(Vector256<float> lower, Vector256<float> upper)
    {
        Vector256<float> eight = Avx.Add(lower, upper);
        Vector128<float> four = Sse.Add(eight.GetLower(), eight.GetUpper());
        Vector128<float> two = Sse.Add(four, Sse.MoveHighToLow(four, four));
        return two.ToScalar() + two.GetElement(1);
    }
}
