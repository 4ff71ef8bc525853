namespace MultiVecRetrieval.Ann;

/// <summary>What a node of a graph keeps of its row. Graphs are built on int8 codes in any case: what is kept is what searches
/// score.</summary>
public enum HnswNodes
{
    /// <summary>A byte a value: the finest.</summary>
    Int8 = 0,

    /// <summary>A bit a value, its sign, and factors: an eighth of the bytes; scored with a query of 6 bits a value.</summary>
    OnePlane = 1,

    /// <summary>Two bits a value and factors: a quarter of the bytes; scored with a query of 6 bits a value.</summary>
    TwoPlanes = 2,

    /// <summary>A bit a value and no more, compared with the signs of the query by Hamming distance: the coarsest.</summary>
    Signs = 3,
}
