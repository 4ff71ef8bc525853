namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>What a known-item query is made of.</summary>
public enum KnownItemKind
{
    /// <summary>Four to six words of one line.</summary>
    Phrase,

    /// <summary>One word of letters.</summary>
    Word,

    /// <summary>One number or code: a run of letters and digits with at least one digit.</summary>
    Code,
}

/// <summary>A query whose answers are known because it was taken from them.</summary>
/// <param name="Id">Unique within its set; begins with the kind.</param>
/// <param name="Kind">What it is made of.</param>
/// <param name="Text">The query.</param>
/// <param name="EntryKeys">Every page of the collection that holds it.</param>
public sealed record KnownItem(string Id, KnownItemKind Kind, string Text, IReadOnlyList<string> EntryKeys);
