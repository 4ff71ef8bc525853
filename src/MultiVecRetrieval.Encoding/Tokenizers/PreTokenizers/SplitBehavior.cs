namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches on which a text is split.</summary>
internal enum SplitBehavior
{
    /// <summary>They are dropped.</summary>
    Removed = 0,

    /// <summary>Each is a word of its own.</summary>
    Isolated = 1,

    /// <summary>Each joins the word before it.</summary>
    MergedWithPrevious = 2,

    /// <summary>Each joins the word after it.</summary>
    MergedWithNext = 3,

    /// <summary>Neighbouring matches form one word.</summary>
    Contiguous = 4,
}
