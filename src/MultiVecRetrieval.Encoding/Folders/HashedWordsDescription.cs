namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Sizes of a tokenizer that hashes words and their character n-grams into buckets.</summary>
internal sealed record HashedWordsDescription
{
    /// <summary>Words of a text at most.</summary>
    public int MaxWords { get; init; } = 16;

    /// <summary>Ids per word at most: the word's own, then its n-grams.</summary>
    public int IdsPerWord { get; init; } = 20;

    /// <summary>Buckets of whole words; their ids start at 1.</summary>
    public int WordBuckets { get; init; } = 16384;

    /// <summary>Buckets of n-grams; their ids follow those of words.</summary>
    public int GramBuckets { get; init; } = 16384;

    /// <summary>Lengths of the n-grams, in the order they are listed in.</summary>
    public IReadOnlyList<int> GramLengths { get; init; } = [3, 4];

    /// <summary>What a text without words is read as.</summary>
    public string EmptyWord { get; init; } = "unknown";
}
