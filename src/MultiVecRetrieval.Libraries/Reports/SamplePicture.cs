using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>A picture of a sample with its rows.</summary>
internal sealed record SamplePicture(CaptionedPicture Picture, MultiVector Rows);
