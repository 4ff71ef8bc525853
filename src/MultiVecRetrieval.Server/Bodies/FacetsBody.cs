namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The values of fields.</summary>
/// <param name="EntryCount">Entries that meet the filter.</param>
/// <param name="Facets">The fields that were asked for, in their order.</param>
public sealed record FacetsBody(long EntryCount, IReadOnlyList<FacetBody> Facets);
