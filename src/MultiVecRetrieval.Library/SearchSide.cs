namespace MultiVecRetrieval;

/// <summary>Which sides of a collection answer a text query.</summary>
public enum SearchSide
{
    /// <summary>Vectors and full text, joined by reciprocal rank fusion.</summary>
    Fused,

    /// <summary>Vectors only.</summary>
    Vectors,

    /// <summary>Full text over the text layers only.</summary>
    Text,
}
