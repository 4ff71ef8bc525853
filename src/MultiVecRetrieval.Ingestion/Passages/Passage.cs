using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Passages;

/// <summary>A piece of an entry's text that is encoded as one row: a section of a page, some lines of subtitles.</summary>
/// <param name="Text">Words with single spaces between them, as a reader would read them: hyphens of broken lines undone.</param>
/// <param name="Places">Where it stands, in reading order: mostly one box; several where it goes on in another column. Not empty.</param>
internal sealed record Passage(string Text, IReadOnlyList<Place> Places);
