namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Where the compression suite works and what it tries.</summary>
internal sealed record CompressionOptions
{
    /// <summary>Downloads, collections, renderings; kept between runs.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Table, figures and plot; null writes none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The folder of the demonstration image-text pair; null looks for it beside the checkout.</summary>
    public string? PictureModelFolder { get; init; }

    /// <summary>Known-item queries made from the pages; two thirds are held out. Default 600.</summary>
    public int QueryCount { get; init; } = 600;

    /// <summary>Of the queries. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Rows that codecs are trained on, at most. Default 100,000.</summary>
    public int TrainingRowCount { get; init; } = 100_000;

    /// <summary>Codec specs to try instead of all; reductions are left out then. With <see cref="KeepFigures"/> they are measured anew,
    /// beside the figures of all others.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = [];

    /// <summary>Take the figures that an earlier run left in the cache, and measure only what it has not.</summary>
    public bool KeepFigures { get; init; }

    /// <summary>Write the tables and the plot of the figures in the cache, measured or not yet complete.</summary>
    public bool MeasuresNothing { get; init; }
}
