namespace MultiVecRetrieval;

/// <summary>What the similarities of a vector query say, which decides how they are weighed against other sides.</summary>
public enum EvidenceKind
{
    /// <summary>Likeness to an example, or nothing that is known: what is nearer is better, and how near is enough nobody knows.</summary>
    Likeness,

    /// <summary>Each row is a word, and its similarity says whether the word is seen in a picture.</summary>
    Words,

    /// <summary>The meaning of the text of an entry.</summary>
    Passages,

    /// <summary>What a picture shows.</summary>
    Pictures,
}
