namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// Makes fewer rows of an entry's rows: prunes, merges or orders them. Immutable and thread-safe; the same rows give the same result
/// to the bit, on every instruction set.
/// </summary>
/// <param name="spec">As people write it, for instance <c>ward:3</c>; see <see cref="Reductions"/>.</param>
public abstract class RowReducer(string spec)
{
    /// <summary>As people write it: <c>name</c> or <c>name:argument</c>, several joined by <c>+</c>.</summary>
    public string Spec { get; } = spec;

    /// <summary>True when it can only reduce rows whose <see cref="ReductionSource.Saliency"/> is known.</summary>
    public virtual bool NeedsSaliency => false;

    /// <summary>True when any first rows of what it makes are a usable smaller entry, as after <c>order</c>.</summary>
    public virtual bool MakesUsablePrefixes => false;

    /// <summary>Reduces the rows of one entry.</summary>
    /// <param name="source">The rows with what is known of them.</param>
    /// <returns>At least one row when there was one. A row that stands for itself alone is the source row to the bit, any other has
    /// unit length.</returns>
    /// <exception cref="ArgumentException">Places or saliency are not one per row, or saliency is needed and missing or not
    /// finite.</exception>
    public ReducedRows Reduce(ReductionSource source)
    {
        int rowCount = source.Rows.RowCount;
        CheckLength(source.Places.Length, rowCount, "places");
        CheckLength(source.Saliency.Length, rowCount, "saliencies");
        foreach (float saliency in source.Saliency)
        {
            if (!float.IsFinite(saliency))
            {
                throw new ArgumentException($"The saliency of a row is {saliency}; it is finite.", nameof(source));
            }
        }

        if (NeedsSaliency && source.Saliency.IsEmpty && rowCount > 0)
        {
            throw new ArgumentException(
                $"The reduction '{Spec}' needs the saliency of every row and the encoder gives none; "
                + "by=density, by=distance and by=rarity need the rows alone.",
                nameof(source));
        }

        return rowCount <= 1 ? RowGroups.KeepAll(source) : ReduceRows(source);
    }

    /// <summary>Reduces the rows of one entry and keeps the places that each row stands for; see
    /// <see cref="MultiVector.PlacesOf"/>.</summary>
    /// <inheritdoc cref="Reduce(ReductionSource)"/>
    public MultiVector Reduce(MultiVector rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ReducedRows reduced = Reduce(new ReductionSource { Rows = rows.View, Places = rows.Places, Saliency = rows.Saliency.Span });
        return reduced.WithPlacesOf(rows, Spec);
    }

    /// <summary>Reduces at least two rows; what it is given was checked.</summary>
    private protected abstract ReducedRows ReduceRows(ReductionSource source);

    private static void CheckLength(int length, int rowCount, string what)
    {
        if (length != 0 && length != rowCount)
        {
            throw new ArgumentException($"{length} {what} were given for {rowCount} rows.");
        }
    }
}
