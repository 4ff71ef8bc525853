namespace MultiVecRetrieval.Numerics;

/// <summary>Events of a video in their order.</summary>
/// <param name="Events">The frames of each.</param>
/// <param name="Share">What the order leaves: how much these stretches explain of the scores, as a share of what the best stretch of each
/// event by itself explains; in [0, 1], 1 where those follow each other already.</param>
public sealed record EventSequence(IReadOnlyList<FrameSpan> Events, double Share);
