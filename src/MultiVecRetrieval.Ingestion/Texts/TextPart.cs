namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>A part of a text document that becomes one entry.</summary>
/// <param name="Mark">What the key of the entry has behind that of the document: <c>#section=3</c>.</param>
/// <param name="Number">Number of the section, slide or sheet, from 1.</param>
/// <param name="Text">Its text: lines end in '\n', blocks in an empty line; its heading is the first line. May be empty.</param>
internal sealed record TextPart(string Mark, int Number, string Text);
