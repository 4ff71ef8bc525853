namespace MultiVecRetrieval;

/// <summary>Which sides of a collection answer a text query.</summary>
public enum SearchSide
{
    /// <summary>All sides, joined by how much each knows about the query.</summary>
    Fused,

    /// <summary>Vectors only.</summary>
    Vectors,

    /// <summary>Full text over the text layers only.</summary>
    Text,
}
