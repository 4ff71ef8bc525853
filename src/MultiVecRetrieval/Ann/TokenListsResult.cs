using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>What a search of <see cref="TokenLists"/> found.</summary>
/// <param name="Candidates">Entries by descending imputed score, the lower entry first on a tie.</param>
/// <param name="UnseenBound">No entry that passed the filter and is not a candidate has codes that score above this; negative infinity when
/// there is none.</param>
/// <param name="PostingCount">Postings that were read.</param>
internal sealed record TokenListsResult(ScoredId[] Candidates, double UnseenBound, long PostingCount);
