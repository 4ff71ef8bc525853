namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>A token that is found in the text itself, before the model sees it.</summary>
/// <param name="Content">The text that is looked for.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsNormalized">Looked for after normalisation, and itself normalised; else in the text as given.</param>
/// <param name="IsSingleWord">Only found between characters that are part of no word.</param>
/// <param name="StripsLeft">Swallows white space before it.</param>
/// <param name="StripsRight">Swallows white space after it.</param>
internal sealed record AddedToken(string Content, int Id, bool IsNormalized, bool IsSingleWord, bool StripsLeft, bool StripsRight);
