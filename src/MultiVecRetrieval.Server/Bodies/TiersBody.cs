namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The tiers a space shall have.</summary>
/// <param name="Tiers">Specs as <c>mvr tiers</c> takes them, for instance bits:2; an empty list removes all.</param>
public sealed record TiersBody(IReadOnlyList<string> Tiers);
