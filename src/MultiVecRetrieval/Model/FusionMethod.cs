namespace MultiVecRetrieval;

/// <summary>How the sides of a search become one ranking.</summary>
public enum FusionMethod
{
    /// <summary>By what each knows of the query, as evidence in [0, 1]; hits that nothing speaks for are told apart.</summary>
    Evidence,

    /// <summary>Weighted reciprocal ranks: the sum of w / (k + rank), as a share of the largest possible (Cormack et al., SIGIR
    /// 2009).</summary>
    ReciprocalRank,

    /// <summary>Scores of each side spread over three standard deviations around their mean, cut to [0, 1], and their weighted mean
    /// (distribution-based score fusion). What a side does not rank counts 0.</summary>
    Distribution,
}
