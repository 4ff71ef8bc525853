using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval;

/// <summary>A search by first rows was asked of a space that does not store rows in an order that allows it.</summary>
/// <param name="space">Name of the space.</param>
/// <param name="reduction">Its reduction; null when it has none.</param>
public sealed class RowOrderException(string space, string? reduction)
    : ArgumentException(
        $"Space '{space}' cannot be searched by first rows (rowLimit): its rows are stored {(reduction is null ? "as they come" : $"by the reduction '{reduction}'")}, "
        + "and first rows say enough of an entry only after the reduction 'order', which a space has from its beginning (setting reduction, for instance order:by=rarity).")
{
    /// <summary>Name of the space.</summary>
    public string Space { get; } = space;

    /// <summary>Its reduction; null when it has none.</summary>
    public string? Reduction { get; } = reduction;

    /// <summary>Whether first rows of entries of a space are usable.</summary>
    internal static bool HasOrder(Space space) => space.Reduction is { } spec && Reductions.Parse(spec).MakesUsablePrefixes;
}
