using System.Globalization;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tiers;

/// <summary>Inverted lists per segment: <c>ivf</c>, or <c>ivf:N</c> for N lists.</summary>
internal sealed class ListsTier : RowIndexTier
{
    private readonly IvfOptions _options = new();

    /// <exception cref="SpecException">The number of lists is none, or out of its range.</exception>
    public ListsTier(IndexSpec spec, int dimension, ReadOnlySpan<byte> parameters)
        : base(spec, dimension, parameters)
    {
        int count = 0;
        if (spec.Argument.Length > 0
            && (!int.TryParse(spec.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                || count is < 1 or > IvfOptions.MaxListCount))
        {
            throw new SpecException("tier", spec.Text,
                $"ivf:N takes a number of lists from 1 to {IvfOptions.MaxListCount}; '{spec.Argument}' was given.");
        }

        _options = _options with { ListCount = count, Queries = Queries };
    }

    public static TierKind Kind { get; } = new(
        "ivf",
        "ivf or ivf:N (N inverted lists a segment; by default 4 times the square root of its rows), for entries of few rows, behind a reduction, as in ward:16/ivf, or an encoding, as in lemur/ivf",
        "rows in lists around centroids, by their signs and as int8: a search reads the lists nearest to the query");

    protected override void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination,
        CancellationToken cancellationToken) =>
        IvfBuilder.Build(read, rowCount, dimension, _options with { Threads = threads }, destination, cancellationToken);

    protected override unsafe IRowIndex OpenIndex(byte* start, long length) => IvfIndex.Open(start, length);
}
