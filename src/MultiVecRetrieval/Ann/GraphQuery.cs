using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>One query against the codes of a <see cref="NodeTable"/>: score = scales × Σ query · codes − weight × squared length.</summary>
internal sealed class GraphQuery(int codeLength)
{
    private readonly short[] _codes = GC.AllocateArray<short>(codeLength, pinned: true);
    private float _scale;
    private float _normWeight;

    /// <summary>The same query for nodes of bit-planes.</summary>
    public PlaneQuery Planes => field ??= new PlaneQuery(codeLength);

    /// <summary>Inner products with a rotated, centred vector.</summary>
    public void SetVector(ReadOnlySpan<float> rotated)
    {
        float maximum = 0;
        foreach (float value in rotated)
        {
            maximum = Math.Max(maximum, Math.Abs(value));
        }

        int limit = Int8Dot.GetMaxQueryCode(codeLength);
        float factor = maximum > 0 ? limit / maximum : 0;
        for (int i = 0; i < codeLength; i++)
        {
            _codes[i] = (short)Math.Clamp(MathF.Round(rotated[i] * factor), -limit, limit);
        }

        _scale = maximum / limit;
        _normWeight = 0;
    }

    /// <summary>Squared distances to a node: the score is what they fall short of the node's squared length.</summary>
    public unsafe void SetNode(in NodeTable nodes, int node)
    {
        sbyte* codes = nodes.GetCodes(node);
        for (int i = 0; i < codeLength; i++)
        {
            _codes[i] = codes[i];
        }

        _scale = 2 * nodes.GetScale(node);
        _normWeight = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe float Score(in NodeTable nodes, int node)
    {
        int sum = Int8Dot.Compute(ref MemoryMarshal.GetArrayDataReference(_codes), ref *nodes.GetCodes(node), codeLength);
        return (_scale * nodes.GetScale(node) * sum) - (_normWeight * nodes.GetNorm(node));
    }
}
