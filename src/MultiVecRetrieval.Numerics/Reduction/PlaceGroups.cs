using MultiVecRetrieval.Numerics.Clustering;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Groups of rows that lie together: F × F neighbours on the picture, or F consecutive rows where places say nothing.</summary>
/// <remarks>
/// Patches of a grid are grouped by their column and row. Boxes that form no grid, those of words for instance, are cut in two along
/// the longer side, again and again, into groups of about F² rows. A row whose place is the whole picture, a class token for instance,
/// is a group of its own. Video frames are grouped apart; where each is one row, F consecutive frames are a group.
/// </remarks>
internal static class PlaceGroups
{
    // Places come from files in steps of 1/65535.
    private const float Tolerance = 1f / 16384;

    /// <summary>Per row its group, numbered by their first rows.</summary>
    public static int[] Build(ReductionSource source, int factor)
    {
        int rowCount = source.Rows.RowCount;
        int[] labels = new int[rowCount];
        Place[] places = source.Places.ToArray();
        int next = 0;
        int[][] frames =
            [.. Enumerable.Range(0, places.Length).GroupBy(i => (places[i].StartSeconds, places[i].EndSeconds)).Select(g => g.ToArray())];
        if (frames.Length == rowCount || places.Length == 0)
        {
            for (int i = 0; i < rowCount; i++)
            {
                labels[i] = i / factor;
            }

            return labels;
        }

        foreach (int[] frame in frames)
        {
            List<int> boxes = new(frame.Length);
            foreach (int row in frame)
            {
                if (IsWhole(places[row]))
                {
                    labels[row] = next++;
                }
                else
                {
                    boxes.Add(row);
                }
            }

            if (!TryGroupGrid(places, boxes, factor, labels, ref next))
            {
                Divide(places, [.. boxes], (boxes.Count + (factor * factor) - 1) / (factor * factor), labels, ref next);
            }
        }

        ClusterLabels.Renumber(labels);
        return labels;
    }

    /// <summary>Per group the row that is nearest to its middle: the first of consecutive rows.</summary>
    public static int[] FindMiddles(ReductionSource source, int[] labels)
    {
        int groupCount = labels.Max() + 1;
        int[] middles = new int[groupCount];
        Array.Fill(middles, -1);
        float[] distances = new float[groupCount];
        Place[] bounds = new Place[groupCount];
        ReadOnlySpan<Place> places = source.Places;
        for (int i = 0; i < places.Length; i++)
        {
            bounds[labels[i]] = bounds[labels[i]].Right == 0 ? places[i] : Union(bounds[labels[i]], places[i]);
        }

        for (int i = 0; i < labels.Length; i++)
        {
            int group = labels[i];
            float distance = places.IsEmpty ? 0 : GetDistance(bounds[group], places[i]);
            if (middles[group] < 0 || distance < distances[group] - Tolerance)
            {
                (middles[group], distances[group]) = (i, distance);
            }
        }

        return middles;
    }

    /// <summary>The smallest box, and time span, around two places.</summary>
    public static Place Union(Place a, Place b) => new(
        Math.Min(a.Left, b.Left),
        Math.Min(a.Top, b.Top),
        Math.Max(a.Right, b.Right),
        Math.Max(a.Bottom, b.Bottom),
        Math.Min(a.StartSeconds, b.StartSeconds),
        Math.Max(a.EndSeconds, b.EndSeconds));

    private static bool IsWhole(Place place) => place is { Left: 0, Top: 0, Right: 1, Bottom: 1 };

    private static float CenterX(Place place) => (place.Left + place.Right) / 2;

    private static float CenterY(Place place) => (place.Top + place.Bottom) / 2;

    private static float GetDistance(Place a, Place b) =>
        Math.Max(Math.Abs(CenterX(a) - CenterX(b)), Math.Abs(CenterY(a) - CenterY(b)));

    private static bool TryGroupGrid(Place[] places, List<int> rows, int factor, int[] labels, ref int next)
    {
        List<float> columns = GetSteps(rows.Select(row => CenterX(places[row])));
        List<float> lines = GetSteps(rows.Select(row => CenterY(places[row])));
        if ((long)columns.Count * lines.Count != rows.Count)
        {
            return false;
        }

        int width = (columns.Count + factor - 1) / factor;
        bool[] isTaken = new bool[rows.Count];
        foreach (int row in rows)
        {
            int column = Find(columns, CenterX(places[row]));
            int line = Find(lines, CenterY(places[row]));
            if (isTaken[(line * columns.Count) + column])
            {
                return false;
            }

            isTaken[(line * columns.Count) + column] = true;
            labels[row] = next + (line / factor * width) + (column / factor);
        }

        next += width * ((lines.Count + factor - 1) / factor);
        return true;
    }

    private static List<float> GetSteps(IEnumerable<float> centers)
    {
        List<float> steps = [];
        foreach (float center in centers.Order())
        {
            if (steps.Count == 0 || center - steps[^1] > Tolerance)
            {
                steps.Add(center);
            }
        }

        return steps;
    }

    // The last step that is not beyond the center; centers a rounding apart share a step.
    private static int Find(List<float> steps, float center)
    {
        int index = steps.BinarySearch(center);
        return index >= 0 ? index : Math.Max(0, ~index - 1);
    }

    private static void Divide(Place[] places, int[] rows, int groupCount, int[] labels, ref int next)
    {
        if (groupCount <= 1)
        {
            foreach (int row in rows)
            {
                labels[row] = next;
            }

            next++;
            return;
        }

        float width = rows.Max(row => CenterX(places[row])) - rows.Min(row => CenterX(places[row]));
        float height = rows.Max(row => CenterY(places[row])) - rows.Min(row => CenterY(places[row]));
        int[] sorted = width > height
            ? [.. rows.OrderBy(row => CenterX(places[row])).ThenBy(row => row)]
            : [.. rows.OrderBy(row => CenterY(places[row])).ThenBy(row => row)];
        int half = groupCount / 2;
        int count = (int)((long)rows.Length * half / groupCount);
        Divide(places, sorted[..count], half, labels, ref next);
        Divide(places, sorted[count..], groupCount - half, labels, ref next);
    }
}
