using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Similarities of every row of an entry, and a picture of them.</summary>
internal static class HeatMaps
{
    private const byte MostOpaque = 190;

    /// <param name="asked">The question in a space.</param>
    /// <param name="entry">The rows of the entry there.</param>
    /// <param name="time">Of a video the moment that is shown, in seconds; null for all of it.</param>
    public static HeatMap Compute(PartRows asked, MultiVector entry, double? time)
    {
        List<HeatCell> cells = [];
        float last = Enumerable.Range(0, entry.Places.IsEmpty ? 0 : entry.RowCount)
            .SelectMany(row => entry.PlacesOf(row).ToArray()).Select(place => place.EndSeconds).DefaultIfEmpty(0).Max();
        Place? whole = time is null ? null : FrameRows.FindWhole(entry);
        for (int row = 0; row < entry.RowCount; row++)
        {
            (float best, int at) = (float.NegativeInfinity, 0);
            for (int i = 0; i < asked.Rows.RowCount; i++)
            {
                float similarity = TensorPrimitives.Dot(asked.Rows.Row(i), entry.Row(row));
                if (similarity > best)
                {
                    (best, at) = (similarity, i);
                }
            }

            foreach (Place place in entry.PlacesOf(row))
            {
                if (whole is { } all && FrameRows.IsSpan(place, all))
                {
                    continue;
                }

                if (time is null || !place.HasSpan || (time >= place.StartSeconds && (time < place.EndSeconds || place.EndSeconds == last)))
                {
                    cells.Add(new HeatCell(place, best, asked.Labels[at]));
                }
            }
        }

        return new HeatMap(asked.Space.Name, cells, asked.Words?.PresenceSimilarity,
            asked.Words?.PresenceWidth ?? Encoding.ModelContract.DefaultPresenceWidth);
    }

    /// <summary>
    /// Red, more opaque the more similar, as a share between the least and the most similar place, and less where the model takes what is
    /// asked for not to be there: a photograph of oranges alone is to show where they are, and one of none is to stay clear. A pixel
    /// has the most similar of the places that cover it; places without any stay clear.
    /// </summary>
    /// <returns>[height × width × 4] bytes: red, green, blue, alpha.</returns>
    public static byte[] Paint(HeatMap map, int width, int height)
    {
        float[] heat = new float[width * height];
        (float least, float most) = map.Cells.Count == 0
            ? (0, 0)
            : (map.Cells.Min(cell => cell.Similarity), map.Cells.Max(cell => cell.Similarity));
        foreach (HeatCell cell in map.Cells)
        {
            double share = (map.Judge(cell.Similarity) ?? 1) * (most > least ? (cell.Similarity - least) / (most - least) : 1);
            int left = (int)Math.Round(cell.Place.Left * width);
            int right = Math.Max(left + 1, (int)Math.Round(cell.Place.Right * width));
            int bottom = Math.Max((int)Math.Round(cell.Place.Top * height) + 1, (int)Math.Round(cell.Place.Bottom * height));
            for (int y = (int)Math.Round(cell.Place.Top * height); y < Math.Min(bottom, height); y++)
            {
                for (int x = left; x < Math.Min(right, width); x++)
                {
                    heat[(y * width) + x] = Math.Max(heat[(y * width) + x], (float)share);
                }
            }
        }

        byte[] pixels = new byte[heat.Length * 4];
        for (int i = 0; i < heat.Length; i++)
        {
            // From yellow to red.
            (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2]) = (255, (byte)(190 * (1 - heat[i])), 0);
            pixels[(4 * i) + 3] = (byte)(MostOpaque * heat[i]);
        }

        return pixels;
    }
}
