namespace MultiVecRetrieval;

/// <summary>How similar each place of an entry is to a question, in one space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Cells">One per row of the entry, and per place of a merged row.</param>
/// <param name="Presence">Similarity from which the model takes what is asked for to be there; null when it has none.</param>
/// <param name="PresenceWidth">How far above <paramref name="Presence"/> that is nearly certain.</param>
public sealed record HeatMap(string Space, IReadOnlyList<HeatCell> Cells, double? Presence, double PresenceWidth)
{
    /// <summary>Evidence in [0, 1] that what is asked for is there, at the place where it is surest; one half where the model has no
    /// <see cref="Presence"/>.</summary>
    public double Certainty => Cells.Count == 0 ? 0 : Judge(Cells.Max(cell => cell.Similarity)) ?? 0.5;

    /// <summary>Evidence in [0, 1] of a similarity: the logistic around the presence; null where there is none.</summary>
    internal double? Judge(float similarity) => Judge(similarity, Presence, PresenceWidth);

    /// <summary>The same of any similarity.</summary>
    internal static double? Judge(double similarity, double? presence, double width) =>
        presence is { } known ? 1 / (1 + Math.Exp(-4 * (similarity - known) / width)) : null;
}
