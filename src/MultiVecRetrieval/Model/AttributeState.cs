using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>An attribute of a collection and how far its values are known.</summary>
/// <param name="Attribute">What it is.</param>
/// <param name="SpaceId">The space by whose rows the values were found; null before the first.</param>
/// <param name="WaitingEntryCount">Entries that were not compared yet.</param>
public sealed record AttributeState(AttributeDefinition Attribute, SpaceId? SpaceId, long WaitingEntryCount);
