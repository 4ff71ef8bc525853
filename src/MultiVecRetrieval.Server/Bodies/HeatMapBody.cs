namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Where in an entry a question is met, in one space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Presence">Similarity from which the model takes what is asked for to be there; null when it has none.</param>
/// <param name="Cells">Its places.</param>
public sealed record HeatMapBody(string Space, double? Presence, IReadOnlyList<HeatCellBody> Cells)
{
    /// <summary>Maps a heat map.</summary>
    public static HeatMapBody From(HeatMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new HeatMapBody(map.Space, map.Presence, [.. map.Cells.Select(HeatCellBody.From)]);
    }
}
