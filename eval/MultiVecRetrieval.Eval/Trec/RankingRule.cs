namespace MultiVecRetrieval.Eval.Trec;

/// <summary>How the keys of a run are put in order.</summary>
public enum RankingRule
{
    /// <summary>By falling score, equal ones by key.</summary>
    ByKey,

    /// <summary>As pytrec_eval does, with trec_eval 9.0.8 in it, and so mteb: by falling score in single precision, equal ones by falling
    /// key. trec_eval 10 compares doubles.</summary>
    TrecEval,
}
