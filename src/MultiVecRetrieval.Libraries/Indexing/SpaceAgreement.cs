using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Indexing;

/// <summary>How alike two spaces of one collection rank: stored entries as examples, and the ten most alike by each.</summary>
internal static class SpaceAgreement
{
    private const int Examples = 50;
    private const int Depth = 10;
    private const int MaxTries = 4 * Examples;
    private const int MaxRows = 64;
    private const int PageLength = 1_000;

    /// <summary>The mean share of hits in common; null with fewer than twice as many entries as are compared.</summary>
    public static double? Measure(Collection collection, Space first, Space second, CancellationToken cancellationToken)
    {
        using Snapshot snapshot = collection.OpenSnapshot();
        List<string> keys = [];
        for (string? after = null; ;)
        {
            IReadOnlyList<Entry> page = collection.Entries.List(afterKey: after, limit: PageLength);
            keys.AddRange(page.Select(entry => entry.Key));
            if (page.Count < PageLength)
            {
                break;
            }

            after = page[^1].Key;
        }

        string[] sample = [.. keys];
        new Random(1).Shuffle(sample);
        List<double> shares = [];
        foreach (string key in sample.Take(MaxTries))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Find(snapshot, first, key, cancellationToken) is { Length: Depth } one
                && Find(snapshot, second, key, cancellationToken) is { Length: Depth } other)
            {
                shares.Add(one.Intersect(other).Count() / (double)Depth);
                if (shares.Count == Examples)
                {
                    break;
                }
            }
        }

        return keys.Count < 2 * Depth || shares.Count == 0 ? null : shares.Average();
    }

    private static string[] Find(Snapshot snapshot, Space space, string key, CancellationToken cancellationToken)
    {
        if (snapshot.Entries.GetVectors(key, space.Name) is not { RowCount: > 0 } rows)
        {
            return [];
        }

        int count = Math.Min(rows.RowCount, MaxRows);
        float[] taken = [.. Enumerable.Range(0, count).SelectMany(i => rows.Row((int)((long)i * rows.RowCount / count)).ToArray())];
        SearchRequest request = new()
        {
            Vectors = [new VectorQuery { Space = space.Name, SpaceId = space.Id, Rows = new MultiVector(rows.Dimension, taken) }],
            ExcludeEntries = [key],
            Top = Depth,
        };
        return [.. snapshot.Search(request, cancellationToken).Hits.Select(hit => hit.Entry.Key)];
    }
}
