using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>The tiers a space shall have, and how its rows are stored; at least one of the two.</summary>
/// <param name="Tiers">Specs as <c>mvr tiers</c> takes them, for instance bits:2; an empty list removes all, and from then on none comes by
/// itself.</param>
/// <param name="Automatic">True, in place of <paramref name="Tiers"/>: tiers that somebody chose go, and one comes by itself when searches
/// would take long.</param>
/// <param name="RowFormat">How rows are stored from now on; stored ones are rewritten, and precision that a smaller format gives up does
/// not come back.</param>
public sealed record TiersBody(IReadOnlyList<string>? Tiers = null, bool Automatic = false, RowFormat? RowFormat = null);
