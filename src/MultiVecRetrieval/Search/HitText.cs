using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Search;

/// <summary>The text of a hit.</summary>
/// <param name="Layer">The text, and where its words stand.</param>
/// <param name="Analyzed">Its words.</param>
/// <param name="Marks">Where it has what the query asks for, in the order of the text.</param>
internal sealed record HitText(TextLayer Layer, AnalyzedText Analyzed, List<TextMark> Marks);
