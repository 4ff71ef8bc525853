namespace MultiVecRetrieval.Encoding;

/// <summary>What a text is to a model: many sentence encoders put other words before a query than before what is searched.</summary>
public enum TextRole
{
    /// <summary>What somebody asks.</summary>
    Query,

    /// <summary>What is stored and found.</summary>
    Passage,
}
