using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Cli;

/// <summary>A seeded sample of the rows of a collection, to train on.</summary>
internal sealed class CollectionRows(Collection collection, int limit, int seed)
{
    private const int PageSize = 1_000;
    // A page of many rows gives only some, so that the sample has many pages.
    private const int RowsPerEntry = 16;

    /// <summary>Rows of one space.</summary>
    public BinarizerSample Read(string space, CancellationToken cancellationToken)
    {
        List<float> rows = [];
        int dimension = GetDimension(space);
        Visit(key =>
        {
            if (collection.Entries.GetVectors(key, space) is { } vectors)
            {
                foreach (int row in Choose(vectors.RowCount, key))
                {
                    rows.AddRange(vectors.Row(row));
                }
            }

            return rows.Count / dimension;
        }, cancellationToken);
        return new BinarizerSample { Dimension = dimension, Documents = [.. rows] };
    }

    /// <summary>Rows of entries that both spaces hold, row by row the same part of the entry.</summary>
    /// <exception cref="UsageException">An entry has another number of rows in the old space, so that its rows cannot be
    /// paired.</exception>
    public CompatibleSample ReadBoth(string space, string oldSpace, CancellationToken cancellationToken)
    {
        List<float> rows = [], oldRows = [];
        int dimension = GetDimension(space);
        Visit(key =>
        {
            if (collection.Entries.GetVectors(key, space) is { } vectors && collection.Entries.GetVectors(key, oldSpace) is { } old)
            {
                if (vectors.RowCount != old.RowCount)
                {
                    throw new UsageException(
                        $"'{key}' has {vectors.RowCount} rows in '{space}' and {old.RowCount} in '{oldSpace}': rows cannot be paired; use --pairs.");
                }

                foreach (int row in Choose(vectors.RowCount, key))
                {
                    rows.AddRange(vectors.Row(row));
                    oldRows.AddRange(old.Row(row));
                }
            }

            return rows.Count / dimension;
        }, cancellationToken);
        return new CompatibleSample
        {
            New = new BinarizerSample { Dimension = dimension, Documents = [.. rows] },
            OldDimension = GetDimension(oldSpace),
            OldDocuments = [.. oldRows],
        };
    }

    private int GetDimension(string space) =>
        collection.Spaces.FirstOrDefault(known => known.Name == space)?.Dimension
        ?? throw new UsageException(
            $"The collection has no space '{space}'; it has {string.Join(", ", collection.Spaces.Select(known => known.Name))}.");

    private void Visit(Func<string, int> read, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        string? after = null;
        while (collection.Entries.List(afterKey: after, limit: PageSize) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            keys.AddRange(page.Select(entry => entry.Key));
            after = keys[^1];
        }

        string[] order = [.. keys];
        new Random(seed).Shuffle(order);
        foreach (string key in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (read(key) >= limit)
            {
                return;
            }
        }
    }

    // Every n-th row from a place that depends on the entry's length alone: the same rows in both spaces.
    private static IEnumerable<int> Choose(int rowCount, string key)
    {
        int step = Math.Max(1, rowCount / RowsPerEntry);
        return Enumerable.Range(0, Math.Min(rowCount, RowsPerEntry)).Select(i => (i * step) + (key.Length % step));
    }
}
