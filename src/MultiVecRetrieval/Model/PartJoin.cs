namespace MultiVecRetrieval;

/// <summary>How the parts of a question meet. e is the evidence of a part for an entry, in [0, 1]; w its weight.</summary>
public enum PartJoin
{
    /// <summary>An answer meets every part: the weighted geometric mean, the product of (0.02 + 0.98 e)^(w / sum of w).</summary>
    All,

    /// <summary>An answer meets any part: the largest e w / (largest w).</summary>
    Any,
}
