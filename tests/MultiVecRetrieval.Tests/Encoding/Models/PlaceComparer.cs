using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Takes places for equal whose edges are nearly the same.</summary>
internal sealed class PlaceComparer(float tolerance) : IEqualityComparer<Place>
{
    public static PlaceComparer Within(float tolerance) => new(tolerance);

    public bool Equals(Place x, Place y) => IsNear(x.Left, y.Left) && IsNear(x.Top, y.Top) && IsNear(x.Right, y.Right)
        && IsNear(x.Bottom, y.Bottom);

    public int GetHashCode(Place obj) => 0;

    private bool IsNear(float a, float b) => MathF.Abs(a - b) <= tolerance;
}
