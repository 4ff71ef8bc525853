namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Entries in the order of several fields, of which the engine sorts by the first.</summary>
/// <remarks>Entries without a value come last, as in <see cref="EntryOrder"/>.</remarks>
internal static class RecordSorting
{
    private const int PageSize = 1_000;

    public static IReadOnlyList<Entry> List(
        Snapshot snapshot, IReadOnlyList<EntryOrder> orders, Filter filter, int skip, int top, CancellationToken cancellationToken)
    {
        if (orders.Count == 1)
        {
            return snapshot.Entries.ListInOrder(orders[0], filter, skip, top);
        }

        // Where the page that is asked for ends among equals, the rest of these decides which of them it holds.
        int end = checked(skip + top);
        List<(Entry Entry, MetadataValue?[] Values)> found = [];
        while (found.Count <= end || Compare(found[end - 1].Values[0], found[^1].Values[0]) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Entry> page = snapshot.Entries.ListInOrder(orders[0], filter, found.Count, PageSize);
            found.AddRange(page.Select(entry => (entry, ValuesOf(snapshot, entry, orders))));
            if (page.Count < PageSize)
            {
                break;
            }
        }

        return [.. found.Order(Comparer<(Entry Entry, MetadataValue?[] Values)>.Create((a, b) => CompareAll(a.Values, b.Values, orders)))
            .Skip(skip).Take(top).Select(one => one.Entry)];
    }

    private static MetadataValue?[] ValuesOf(Snapshot snapshot, Entry entry, IReadOnlyList<EntryOrder> orders)
    {
        IReadOnlyDictionary<string, MetadataValue> metadata = snapshot.Documents.Get(entry.DocumentKey)!.Metadata;
        return [.. orders.Select(order =>
            metadata.TryGetValue(order.Field[RecordFilter.FieldPrefix.Length..], out MetadataValue value) && value.Elements.Count > 0
                ? value.Elements[0]
                : default(MetadataValue?))];
    }

    private static int CompareAll(MetadataValue?[] a, MetadataValue?[] b, IReadOnlyList<EntryOrder> orders)
    {
        for (int i = 0; i < orders.Count; i++)
        {
            int order = Compare(a[i], b[i]);
            if (order != 0)
            {
                return orders[i].IsDescending && a[i] is not null && b[i] is not null ? -order : order;
            }
        }

        return 0;
    }

    private static int Compare(MetadataValue? a, MetadataValue? b) => (a?.Value, b?.Value) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        (string x, string y) => string.CompareOrdinal(x, y),
        (double x, double y) => x.CompareTo(y),
        (bool x, bool y) => x.CompareTo(y),
        (string, _) => 1,
        (_, string) => -1,
        _ => 0,
    };
}
