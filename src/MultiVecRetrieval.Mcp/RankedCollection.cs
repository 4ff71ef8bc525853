namespace MultiVecRetrieval.Mcp;

/// <summary>What a search found in one collection, to be put in one order with what it found in others.</summary>
/// <param name="Name">Name of the collection.</param>
/// <param name="Store">The collection.</param>
/// <param name="Result">What was found.</param>
internal sealed record RankedCollection(string Name, Collection Store, SearchResult Result)
{
    // Where one side answers alone, the score of a hit is that side's own.
    private readonly bool _isOneSide = Result.Hits.SelectMany(hit => hit.Sources).Select(source => source.Name).Distinct().Count() == 1
        && Result.Hits.All(hit => hit.Sources is [var source] && source.Score == hit.Score);

    /// <summary>
    /// The evidence for a hit in [0, 1], comparable across collections: that of the search; where one side answered alone, its score as a
    /// share of the best one, as evidence counts words. A hit that is not likely stays below the line of those that are.
    /// </summary>
    public double EvidenceOf(SearchHit hit)
    {
        double best = Result.Hits[0].Score;
        double evidence = !_isOneSide ? hit.Score : best > 0 ? hit.Score / best : 0;
        return Math.Clamp(evidence, 0, hit.IsLikely ? 1 : SearchHit.LikelyEvidence);
    }
}
