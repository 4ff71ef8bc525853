using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>What matched: a query row or word, where, and how well.</summary>
/// <param name="Label">The word or label of the query row; empty when it has none.</param>
/// <param name="Similarity">
/// Inner product of the rows; 1 for a word of the text; for pictures 1 for the same file, 1 - (distance + 1)/65 for a fingerprint.
/// </param>
/// <param name="Place">Where in the entry; the box, and time span, around <see cref="Places"/>.</param>
/// <param name="Source">The side, named as in <see cref="HitSource.Name"/>.</param>
/// <param name="IsLikely">
/// False when the similarity is one that the model also gives to what is not there. The engine knows no models and says true; an
/// application that knows the model of the space says more.
/// </param>
public sealed record HitMatch(string Label, double Similarity, Place Place, string Source, bool IsLikely = true)
{
    /// <summary>The part of the question that the side answers, from 0; the first of several.</summary>
    public int Part { get; init; }

    /// <summary>Every place that matched: more than one where the entry's row was merged of several, nearest to it first.</summary>
    public IReadOnlyList<Place> Places
    {
        get => field ?? [Place];
        init;
    }
}
