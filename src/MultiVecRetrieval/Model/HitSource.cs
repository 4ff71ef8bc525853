namespace MultiVecRetrieval;

/// <summary>One side that found a hit.</summary>
/// <param name="Name"><c>vectors:SPACE</c>, <c>text</c> or <c>duplicate</c>.</param>
/// <param name="Rank">Rank of the hit on that side, from 1.</param>
/// <param name="Score">Score on that side; higher is closer.</param>
public sealed record HitSource(string Name, int Rank, double Score)
{
    /// <summary>The part of the question that the side answers, from 0; the first of several.</summary>
    public int Part { get; init; }
}
