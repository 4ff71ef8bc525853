using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval;

/// <summary>A named vector space of a collection.</summary>
public sealed record Space
{
    /// <summary>Lower-case letters, digits and hyphens, for instance <c>page-words</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The identity of the encoder; vectors of another identity are refused.</summary>
    public required SpaceId Id { get; init; }

    /// <summary>d, the length of a row; in [1, 65536].</summary>
    public required int Dimension { get; init; }

    /// <summary>How rows are stored and scored. Default float32.</summary>
    public RowFormat RowFormat { get; init; } = RowFormat.Float32;

    /// <summary>
    /// How the rows of an entry are made fewer before they are stored, for instance <c>ward:3</c>; see <see cref="Reductions"/>. Null
    /// when all are kept, as by default. It stays what it was when the space was made: rows that were reduced cannot be had back.
    /// </summary>
    public string? Reduction { get; init; }

    /// <summary>Whether it takes part in searches. Default <see cref="SpaceState.Live"/>.</summary>
    public SpaceState State { get; init; }

    /// <summary>The space whose place it is to take, or that took its place; null for a live one.</summary>
    public string? Counterpart { get; init; }

    /// <summary>Where the encoder lives, for tools; not part of the identity.</summary>
    public string? ModelFolder { get; init; }
}
