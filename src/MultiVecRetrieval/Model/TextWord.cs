using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A word of a text layer and where it stands.</summary>
/// <param name="Offset">Start in the text, in UTF-16 units.</param>
/// <param name="Length">Length in UTF-16 units.</param>
/// <param name="Place">Where the word stands; its box is kept to 1/65535 of the page.</param>
public readonly record struct TextWord(int Offset, int Length, Place Place);
