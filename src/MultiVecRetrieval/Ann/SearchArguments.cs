using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>What every search of rows asks of its arguments.</summary>
internal static class SearchArguments
{
    /// <exception cref="ArgumentException">A length does not fit, a bit is set beyond the rows, or a value is NaN or infinite.</exception>
    public static void Check(
        ReadOnlySpan<float> query, int k, ReadOnlySpan<ulong> wanted, Span<ScoredId> results, int dimension, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (query.Length != dimension)
        {
            throw new ArgumentException($"The query has {query.Length} values, the rows have {dimension}.", nameof(query));
        }

        if (results.Length < k)
        {
            throw new ArgumentException($"There is room for {results.Length} rows, {k} are asked for.", nameof(results));
        }

        if (!wanted.IsEmpty && wanted.Length != (rowCount + 63) / 64)
        {
            throw new ArgumentException($"The bitmap has {wanted.Length} words, {rowCount} rows take {(rowCount + 63) / 64}.",
                nameof(wanted));
        }

        if (!wanted.IsEmpty && rowCount % 64 != 0 && wanted[^1] >> (rowCount % 64) != 0)
        {
            throw new ArgumentException($"The bitmap has bits beyond row {rowCount - 1}.", nameof(wanted));
        }

        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(query)))
        {
            throw new ArgumentException("The query has a value that is NaN or infinite.", nameof(query));
        }
    }
}
