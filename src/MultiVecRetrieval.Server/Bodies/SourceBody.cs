namespace MultiVecRetrieval.Server.Bodies;

/// <summary>One side that found a hit.</summary>
/// <param name="Name">vectors:SPACE, text or duplicate.</param>
/// <param name="Rank">Its rank on this side, from 1.</param>
/// <param name="Score">Its score on this side; higher is closer.</param>
/// <param name="Part">The part of the question that the side answers, from 0: text, image and entry first, then parts.</param>
public sealed record SourceBody(string Name, int Rank, double Score, int Part);
