using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Checks that every codec makes of what it is given.</summary>
internal static class CodecArguments
{
    /// <summary>Throws unless there are entries, each with rows, of <paramref name="dimension"/> finite values.</summary>
    /// <exception cref="ArgumentException">They are not; the message says what is.</exception>
    public static void CheckEntries(EntryRows entries, int dimension)
    {
        if (entries.EntryCount < 1)
        {
            throw new ArgumentException("A chunk needs at least one entry.", nameof(entries));
        }

        if (entries.Dimension != dimension)
        {
            throw new ArgumentException($"The rows have d = {entries.Dimension}, the codec d = {dimension}.", nameof(entries));
        }

        for (int entry = 0; entry < entries.EntryCount; entry++)
        {
            if (entries.RowOffsets[entry] == entries.RowOffsets[entry + 1])
            {
                throw new ArgumentException($"Entry {entry} has no rows.", nameof(entries));
            }
        }

        CheckFinite(entries.Values, dimension, nameof(entries));
    }

    /// <summary>Throws unless there is a query row, of <paramref name="dimension"/> finite values.</summary>
    /// <exception cref="ArgumentException">There is not; the message says what is.</exception>
    public static void CheckQuery(MultiVectorView query, int dimension)
    {
        if (query.Dimension != dimension)
        {
            throw new ArgumentException($"The query has d = {query.Dimension}, the codec d = {dimension}.", nameof(query));
        }

        if (query.RowCount == 0)
        {
            throw new ArgumentException("The query has no rows.", nameof(query));
        }

        CheckFinite(query.Values, dimension, nameof(query));
    }

    /// <summary>Throws unless the sample is whole rows of finite values, at least <paramref name="minRowCount"/>.</summary>
    /// <exception cref="ArgumentException">It is not; the message says what is needed.</exception>
    public static void CheckSample(CodecSpec spec, TrainingSample sample, int minRowCount)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfLessThan(sample.Dimension, 1, nameof(sample));
        if (sample.Rows.Length % sample.Dimension != 0 || sample.Queries.Length % sample.Dimension != 0)
        {
            throw new ArgumentException($"The sample is no whole number of rows of d = {sample.Dimension}.", nameof(sample));
        }

        if (sample.RowCount < minRowCount)
        {
            throw new ArgumentException($"{spec} needs a sample of at least {minRowCount} rows, {sample.RowCount} were given.",
                nameof(sample));
        }

        CheckFinite(sample.Rows, sample.Dimension, nameof(sample));
        CheckFinite(sample.Queries, sample.Dimension, nameof(sample));
    }

    private static void CheckFinite(ReadOnlySpan<float> values, int dimension, string parameter)
    {
        // NaN and infinities propagate into the largest magnitude, so one fast pass decides; the slow one finds the culprit.
        if (values.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
        {
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"Value {i % dimension} of row {i / dimension} is {values[i]}; values must be finite.",
                    parameter);
            }
        }
    }
}
