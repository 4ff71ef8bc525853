namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A place of an entry and how similar it is to the question.</summary>
/// <param name="Box">[left, top, right, bottom] as shares of width and height; null for the whole picture.</param>
/// <param name="Span">[start, end] in seconds; null for a still picture.</param>
/// <param name="Similarity">Higher is closer; at most 1.</param>
/// <param name="Label">The word of the question that is closest, or the whole question.</param>
public sealed record HeatCellBody(IReadOnlyList<double>? Box, IReadOnlyList<double>? Span, double Similarity, string Label)
{
    /// <summary>Maps a cell.</summary>
    public static HeatCellBody From(HeatCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        PlaceBody place = PlaceBody.From(cell.Place);
        return new HeatCellBody(place.Box, place.Span, Math.Round(cell.Similarity, 4), cell.Label);
    }
}
