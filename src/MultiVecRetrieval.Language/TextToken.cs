namespace MultiVecRetrieval.Language;

/// <summary>A word of a text as it is searched, and where it stands.</summary>
/// <param name="Surface">The word folded: compatibility forms, case, and accents that readers leave out when they type are gone.</param>
/// <param name="Stem">What its inflected forms have in common, by the language of the text; the surface where nothing is known.</param>
/// <param name="Offset">Start in the text, in UTF-16 units.</param>
/// <param name="Length">Length in the text, in UTF-16 units; longer than the word where it was broken at the end of a line.</param>
/// <param name="IsRepeat">True for a word that stands there a second time, put together of the two parts of a broken one.</param>
public readonly record struct TextToken(string Surface, string Stem, int Offset, int Length, bool IsRepeat = false);
