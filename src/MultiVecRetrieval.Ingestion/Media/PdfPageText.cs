namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>The text layer of a page.</summary>
/// <param name="WidthInPoints">Width of the page as it is shown, after rotation.</param>
/// <param name="HeightInPoints">Height of the page as it is shown, after rotation.</param>
/// <param name="Text">Words in reading order, boxes relative to the page as it is shown; empty for a page without text.</param>
public sealed record PdfPageText(double WidthInPoints, double HeightInPoints, TextLayer Text);
