namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The stored rows of an entry in one space.</summary>
/// <param name="Space">Name of the space.</param>
/// <param name="SpaceId">Identity of what made the rows.</param>
/// <param name="Rows">The rows, as far as the row format kept them.</param>
/// <param name="Places">Where each row is from; empty where all are of the whole.</param>
public sealed record EntryVectorsBody(string Space, string SpaceId, IReadOnlyList<float[]> Rows, IReadOnlyList<PlaceBody> Places);
