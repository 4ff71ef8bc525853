namespace MultiVecRetrieval.Interchange;

/// <summary>FAISS IndexFlat: vectors as they are.</summary>
public sealed class FaissFlatIndex : FaissIndex
{
    /// <summary>Takes vectors.</summary>
    /// <param name="metric">How they are compared.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="values">[vectors × d] row-major; not copied.</param>
    /// <exception cref="ArgumentException">The values are no whole number of vectors.</exception>
    public FaissFlatIndex(FaissMetric metric, int dimension, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole number of vectors of d = {dimension}.", nameof(values));
        }

        if (metric is not (FaissMetric.InnerProduct or FaissMetric.SquaredDistance))
        {
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "Expected InnerProduct or SquaredDistance.");
        }

        Metric = metric;
        Dimension = dimension;
        Values = values;
    }

    /// <summary>How vectors are compared.</summary>
    public FaissMetric Metric { get; }

    /// <inheritdoc/>
    public override int Dimension { get; }

    /// <inheritdoc/>
    public override int Count => Values.Length / Dimension;

    /// <summary>[vectors × d] row-major.</summary>
    public float[] Values { get; }

    /// <summary>The vector at <paramref name="index"/>.</summary>
    public ReadOnlySpan<float> this[int index] => Values.AsSpan(index * Dimension, Dimension);

    internal override void WriteTo(FaissWriter writer)
    {
        writer.WriteFourCharacters(Metric == FaissMetric.InnerProduct ? FaissKind.FlatInnerProduct : FaissKind.FlatSquaredDistance);
        writer.WriteHeader(Dimension, Count, Metric);

        // The count is that of 4-byte units, whatever a code is.
        writer.WriteVector<float>(Values);
    }
}
