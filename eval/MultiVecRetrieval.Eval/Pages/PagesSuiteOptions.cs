namespace MultiVecRetrieval.Eval.Pages;

/// <summary>Where the page suite works and what it asks.</summary>
internal sealed record PagesSuiteOptions
{
    /// <summary>Downloads, renderings and collections; kept between runs.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Queries, judgements, runs and the table; null writes none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Folders that hold model folders; the bundled ones come last.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>Names of models, each a space of both collections. Default <c>words-only</c>: the words of a page are what is asked
    /// for.</summary>
    public IReadOnlyList<string> Models { get; init; } = [ModelProfiles.WordsOnly];

    /// <summary>Known-item queries in all. Default 200.</summary>
    public int QueryCount { get; init; } = 200;

    /// <summary>Of the queries and of the random control. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Longer side of the pages rendered as pictures; 1754 px is A4 at 150 dpi, the default, at which PDF pages are read,
    /// too.</summary>
    public int PictureLongSide { get; init; } = 1754;

    /// <summary>File names of the documents to read; none reads all. Figures of a part are not those of the suite.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Search existing collections of an earlier run instead of indexing anew.</summary>
    public bool KeepCollections { get; init; }
}
