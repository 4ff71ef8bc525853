namespace MultiVecRetrieval.Eval.Trec;

/// <summary>How the keys of a run are put in order.</summary>
public enum RankingRule
{
    /// <summary>By falling score, equal ones by key.</summary>
    ByKey,

    /// <summary>As trec_eval, pytrec_eval and mteb do: by falling score in single precision, equal ones by falling key.</summary>
    TrecEval,
}
