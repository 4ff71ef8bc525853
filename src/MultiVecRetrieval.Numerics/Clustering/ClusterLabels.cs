namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>Numbers of clusters, one a row.</summary>
internal static class ClusterLabels
{
    /// <summary>Numbers groups by their first row, so that merged rows lie in the order of the page.</summary>
    /// <param name="labels">Per row any number of its group, at least 0, or -1; replaced.</param>
    /// <returns>The number of groups.</returns>
    public static int Renumber(Span<int> labels)
    {
        Dictionary<int, int> numbers = [];
        foreach (ref int label in labels)
        {
            if (label >= 0)
            {
                numbers.TryAdd(label, numbers.Count);
                label = numbers[label];
            }
        }

        return numbers.Count;
    }
}
