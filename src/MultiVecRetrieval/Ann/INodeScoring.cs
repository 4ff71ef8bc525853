using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Ann;

/// <summary>How a walk scores the nodes that it comes to; a type argument, so that each walk is compiled for its own.</summary>
internal interface INodeScoring
{
    static abstract float Score(GraphQuery query, in NodeTable nodes, int node);
}

/// <inheritdoc cref="HnswNodes.Int8"/>
internal readonly struct Int8Scoring : INodeScoring
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(GraphQuery query, in NodeTable nodes, int node) => query.Score(nodes, node);
}

/// <inheritdoc cref="HnswNodes.OnePlane"/>
internal readonly struct OnePlaneScoring : INodeScoring
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(GraphQuery query, in NodeTable nodes, int node) => query.Planes.ScoreOne(nodes, node);
}

/// <inheritdoc cref="HnswNodes.TwoPlanes"/>
internal readonly struct TwoPlaneScoring : INodeScoring
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(GraphQuery query, in NodeTable nodes, int node) => query.Planes.ScoreTwo(nodes, node);
}

/// <inheritdoc cref="HnswNodes.Signs"/>
internal readonly struct SignScoring : INodeScoring
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(GraphQuery query, in NodeTable nodes, int node) => query.Planes.ScoreSigns(nodes, node);
}
