namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>How an output [batch, rows, d] becomes vectors.</summary>
internal enum Pooling
{
    /// <summary>Every row is a vector of its own.</summary>
    Rows = 0,

    /// <summary>The first row.</summary>
    First = 1,

    /// <summary>The mean of the rows that the attention mask keeps.</summary>
    Mean = 2,

    /// <summary>The last row that the attention mask keeps.</summary>
    Last = 3,
}
