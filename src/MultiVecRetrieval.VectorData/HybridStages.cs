using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.VectorData.Records;

namespace MultiVecRetrieval.VectorData;

/// <summary>The stages of a search by vectors and keywords.</summary>
internal static class HybridStages
{
    private const int K = 60;
    private const int FewestCandidates = 100;

    /// <summary>The nearest vectors, and records whose text has a keyword in the order of words, joined by reciprocal ranks.</summary>
    /// <param name="vectors">The property of the vectors.</param>
    /// <param name="rows">What is near.</param>
    /// <param name="text">The property of the text.</param>
    /// <param name="words">Keywords; none leaves the vectors alone.</param>
    /// <param name="filter">A condition on records; null: none.</param>
    /// <param name="wanted">Results that are wanted.</param>
    public static RecordStage Join(
        VectorPropertyModel vectors, MultiVector rows, DataPropertyModel text, IReadOnlyList<string> words, Filter? filter, int wanted)
    {
        int limit = Math.Max(FewestCandidates, wanted);
        RecordStage nearest = new()
        {
            Query = new RecordQuery.Nearest(vectors.StorageName, rows),
            Filter = filter,
            Limit = limit,
            IsExact = vectors.IndexKind == IndexKind.Flat,
        };
        List<RecordStage> stages = [nearest];
        if (words.Count > 0)
        {
            // Words are looked for in all texts of a record; the condition keeps them to the one that is asked for.
            Filter hasWord = Filter.Or([.. words.Select(word =>
                (Filter)new ComparisonFilter(RecordFilter.FieldOf(text), Comparison.Contains, word))]);
            stages.Add(new RecordStage
            {
                Query = new RecordQuery.Words(string.Join(' ', words)),
                Filter = Filter.And(Filter.Equal("type", "record"), hasWord, filter ?? Filter.And()),
                Limit = limit,
            });
        }

        return new RecordStage { Query = new RecordQuery.ReciprocalRanks(K, []), Before = stages };
    }
}
