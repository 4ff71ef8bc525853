namespace MultiVecRetrieval;

/// <summary>The text of an entry with the place of each word; words are in reading order.</summary>
/// <param name="Text">The text. The control characters U+0000 to U+0008 are stored as spaces.</param>
/// <param name="Words">Its words; each lies within the text.</param>
public sealed record TextLayer(string Text, IReadOnlyList<TextWord> Words);
