namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The rows that are left, and which of the source each stands for.</summary>
/// <param name="Dimension">d, the length of a row.</param>
/// <param name="Values">[rows × d] row-major.</param>
/// <param name="Owners">Per source row: the row that stands for it, or -1 when none does.</param>
public sealed record ReducedRows(int Dimension, float[] Values, int[] Owners)
{
    /// <summary>The number of rows that are left.</summary>
    public int RowCount => Values.Length / Dimension;

    /// <summary>These rows with the places of the source rows that each stands for, nearest to it first.</summary>
    internal MultiVector WithPlacesOf(MultiVector source, string spec)
    {
        if (source.Places.IsEmpty)
        {
            return new MultiVector(Dimension, Values) { Reduction = spec };
        }

        Place[] bounds = new Place[RowCount];
        Place[]?[] members = new Place[RowCount][];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, Owners.Length).Where(row => Owners[row] >= 0).GroupBy(row => Owners[row]))
        {
            IEnumerable<int> nearestFirst = group.Count() == 1
                ? group
                : group.OrderByDescending(row => Dot(source.Row(row), Values.AsSpan(group.Key * Dimension, Dimension)));
            Place[] places = [.. nearestFirst.SelectMany(row => source.PlacesOf(row).ToArray())];
            bounds[group.Key] = places.Aggregate(PlaceGroups.Union);
            members[group.Key] = places.Length > 1 ? places : null;
        }

        return new MultiVector(Dimension, Values, bounds) { Members = members, Reduction = spec };
    }

    // In the order of k, so that the order of places does not depend on the instruction set.
    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }
}
