namespace MultiVecRetrieval;

/// <summary>Captions that do not fit their pictures.</summary>
public sealed record AlignmentReport
{
    /// <summary>Pictures with a caption that was compared.</summary>
    public required int PictureCount { get; init; }

    /// <summary>Pictures without a caption, or with one that the model cannot read.</summary>
    public required int WithoutCaptionCount { get; init; }

    /// <summary>The space that compared them: of several the one that tells captions of this collection best; null when there is
    /// none.</summary>
    public string? Space { get; init; }

    /// <summary>The mean percentile of all captions: how often the model gives a caption to its own picture rather than to another one.
    /// 0.5 is chance, and then the list says nothing. Null when nothing was compared.</summary>
    public double? MeanPercentile { get; init; }

    /// <summary>The captions that fit least, as many as were asked for, worst first.</summary>
    public IReadOnlyList<CaptionFit> Worst { get; init; } = [];

    /// <summary>What could not be done, and how far to trust it, for people.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
