namespace MultiVecRetrieval;

/// <summary>What a query of a space is of a question that has words and an example.</summary>
public enum QuestionPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The words, as full text is.</summary>
    Words,

    /// <summary>The picture or the entry to search by, as fingerprints and content hashes are.</summary>
    Example,
}
