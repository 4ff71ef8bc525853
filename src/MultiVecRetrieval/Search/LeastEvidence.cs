using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Search;

/// <summary>Leaves out hits of less evidence than is wanted, where there is evidence.</summary>
internal sealed class LeastEvidence(SqliteConnection connection, SegmentSet set, PartRanking ranking)
{
    /// <param name="ranked">The ranking, best first; of several sides their scores are evidence already.</param>
    /// <param name="least">The evidence that is enough.</param>
    /// <exception cref="SearchOptionException">A side cannot tell how much its hits are.</exception>
    public List<ScoredEntry> Apply(List<ScoredEntry> ranked, double least)
    {
        Check();
        if (!ranking.IsOneSide)
        {
            return [.. ranked.Where(entry => entry.Score >= least)];
        }

        Dictionary<long, double> evidence = new EvidenceFusion(connection, set).Fuse(ranking.Sides);
        return [.. ranked.Where(entry => evidence.GetValueOrDefault(entry.EntryId) >= least)];
    }

    // What is only nearer or farther than other hits has a best one in every collection, however little it has to do with the query.
    private void Check()
    {
        if (ranking.Sides.FirstOrDefault(side => side.Vectors is { } vectors
            && (vectors.Presence is null || vectors.Kind == EvidenceKind.Likeness)) is { } unknown)
        {
            throw new SearchOptionException(
                "minEvidence",
                $"The side {unknown.Name} does not know from which similarity an entry answers (presenceSimilarity of its model), so its hits "
                + "have no evidence; use minScore, or search without it.");
        }

        if (ranking.Sides.Count > 0 && ranking.Sides.All(side => side.Text is not null))
        {
            throw new SearchOptionException(
                "minEvidence", "Full text alone ranks hits against the best one, which is no evidence; use minScore, or search with a model too.");
        }
    }
}
