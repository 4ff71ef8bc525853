namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Where in an entry a question is met.</summary>
/// <param name="Maps">One per space that compares the question with the entry.</param>
public sealed record HeatMapsBody(IReadOnlyList<HeatMapBody> Maps)
{
    /// <summary>Maps heat maps.</summary>
    public static HeatMapsBody From(IReadOnlyList<HeatMap> maps) => new([.. maps.Select(HeatMapBody.From)]);
}
