namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What makes tokens of text.</summary>
internal enum TokenizerKind
{
    /// <summary>tokenizer.json, or vocabulary and merges.</summary>
    Files = 0,

    /// <summary>Words spelled letter by letter; one row per word.</summary>
    LetterWords = 1,

    /// <summary>Words as hashed words and character n-grams.</summary>
    HashedWords = 2,
}
