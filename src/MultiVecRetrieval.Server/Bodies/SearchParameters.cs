using Microsoft.AspNetCore.Mvc;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What to look for and how, as an address, a form or JSON say it.</summary>
public record SearchParameters
{
    /// <summary>Words to look for.</summary>
    [FromQuery(Name = "q")]
    public string? Text { get; init; }

    /// <summary>Key of a stored entry to find similar ones of.</summary>
    [FromQuery(Name = "entry")]
    public string? Entry { get; init; }

    /// <summary>
    /// How the parts of a question become one: auto (default), sum, direction (prompt directional vectors: a subject, a modifier, a
    /// context), slerp, all (an answer meets every part by itself), any, or sequence (a video that meets the parts one after the other).
    /// </summary>
    [FromQuery(Name = "combine")]
    public string? Combine { get; init; }

    /// <summary>How far a direction moves the subject; in [-4, 4]. Default 1.</summary>
    [FromQuery(Name = "directionScale")]
    public double? DirectionScale { get; init; }

    /// <summary>What share words have beside the picture in a direction; in [0, 1]. Default 0.5.</summary>
    [FromQuery(Name = "textShare")]
    public double? TextShare { get; init; }

    /// <summary>Which sides take part: fused (default), vectors or text.</summary>
    [FromQuery(Name = "using")]
    public string? Using { get; init; }

    /// <summary>A condition, for instance <c>type = page and path like "reports/*"</c>.</summary>
    [FromQuery(Name = "filter")]
    public string? Filter { get; init; }

    /// <summary>Number of hits wanted. Default 10.</summary>
    [FromQuery(Name = "top")]
    public int? Top { get; init; }

    /// <summary>Number of hits skipped. Default 0.</summary>
    [FromQuery(Name = "offset")]
    public int? Offset { get; init; }

    /// <summary>Share of the exact best hits that must be found, in (0, 1]. Default: exact while that is fast, then 0.95.</summary>
    [FromQuery(Name = "recall")]
    public double? Recall { get; init; }

    /// <summary>Whether every entry is scored exactly, however long it takes. Default false.</summary>
    [FromQuery(Name = "exact")]
    public bool? Exact { get; init; }

    /// <summary>Score each entry by at most this many of its first rows; for spaces whose rows are ordered. Default: by all.</summary>
    [FromQuery(Name = "rowLimit")]
    public int? RowLimit { get; init; }

    /// <summary>
    /// The tier whose codes choose candidates, for instance <c>bits:2</c>, or several with &gt; between them, each choosing among the
    /// candidates of the one before. Default: the collection chooses.
    /// </summary>
    [FromQuery(Name = "tier")]
    public string? Tier { get; init; }

    /// <summary>
    /// Candidates that each named tier passes on, none larger than the one before; those of the last are scored exactly. Default: as many
    /// as it takes.
    /// </summary>
    [FromQuery(Name = "budgets")]
    public int[]? Budgets { get; init; }

    /// <summary>Most hits of one document, in [1, 100]: the others stand in <c>others</c> of its best, and top and offset count documents.
    /// Default: every entry is a hit by itself.</summary>
    [FromQuery(Name = "groupSize")]
    public int? GroupSize { get; init; }

    /// <summary>How several sides are joined: evidence (default), rrf (weighted reciprocal ranks) or dbsf (scores by how they are
    /// spread).</summary>
    [FromQuery(Name = "fusion")]
    public string? Fusion { get; init; }

    /// <summary>How much each side counts in rrf and dbsf, for instance <c>text=2, minilm=0.5</c>; 1 where nothing is said.</summary>
    [FromQuery(Name = "weights")]
    public string? Weights { get; init; }

    /// <summary>Hits of a lower score are left out; of several sides the score is evidence in [0, 1], and answers begin at 0.3. Default:
    /// none is left out.</summary>
    [FromQuery(Name = "minScore")]
    public double? MinScore { get; init; }

    /// <summary>Hits with less evidence are left out, whatever their score is; in [0, 1], and answers begin at 0.3. Refused where nothing
    /// says how much a hit is: text alone, models without presenceSimilarity, rrf and dbsf. Default: none is left out.</summary>
    [FromQuery(Name = "minEvidence")]
    public double? MinEvidence { get; init; }

    /// <summary>The order of the likely hits, a field and asc or desc, for instance <c>taken desc</c>. Default: by score.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>How much hits are to differ from those before them (maximal marginal relevance), in [0, 1]. Default 0.</summary>
    [FromQuery(Name = "diversity")]
    public double? Diversity { get; init; }

    /// <summary>Fields whose values are counted over the likely hits, separated by commas, for instance <c>type,year,tags</c>.</summary>
    [FromQuery(Name = "facets")]
    public string? Facets { get; init; }

    /// <summary>The task that the question is one of, for models that have other words around a query by task (tasks in /v1/models).
    /// Default: the models' own words.</summary>
    [FromQuery(Name = "task")]
    public string? Task { get; init; }

    /// <summary>A reranker, by its name in /v1/models, that scores the best hits again by their texts and decides their order. Default:
    /// none.</summary>
    [FromQuery(Name = "rerank")]
    public string? Rerank { get; init; }

    /// <summary>How many of the best hits the reranker scores, in [1, 1000]. Default 50.</summary>
    [FromQuery(Name = "rerankTop")]
    public int? RerankTop { get; init; }

    /// <summary>keep: keep the state that answers for some minutes, and name it in the answer; or that name, to read further pages of the
    /// same state. Default: the newest.</summary>
    [FromQuery(Name = "snapshot")]
    public string? Snapshot { get; init; }

    /// <summary>Whether hits say what matched where. Default true.</summary>
    [FromQuery(Name = "explain")]
    public bool? Explain { get; init; }
}
