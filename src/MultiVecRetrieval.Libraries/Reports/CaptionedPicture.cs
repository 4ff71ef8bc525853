namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>A picture and its caption.</summary>
internal sealed record CaptionedPicture(string Key, string Caption, string Field);
