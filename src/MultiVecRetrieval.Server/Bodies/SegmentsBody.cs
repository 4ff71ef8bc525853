namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What two videos share.</summary>
/// <param name="Segments">The segments, surest first.</param>
public sealed record SegmentsBody(IReadOnlyList<CopiedSegment> Segments);
