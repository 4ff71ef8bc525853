namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What a family of models takes for granted, so that its files do not say it. Every value yields to encoder.json.</summary>
/// <remarks>Sources: the model cards and reference implementations of the families (transformers, open_clip, nomic, jina,
/// colpali-engine).</remarks>
internal sealed record FamilyDefaults
{
    private static readonly FamilyDefaults Clip = new() { TextLength = 77, ImagePooling = Pooling.First, TextPooling = Pooling.Last };

    // The text tower was trained on full length only and pools its last position; shorter or otherwise padded input gives other vectors.
    private static readonly FamilyDefaults Siglip = new()
    {
        TextLength = 64,
        ImagePooling = Pooling.First,
        TextPooling = Pooling.Last,
        PadToMaxLength = true,
        PadId = 1,
    };

    private static readonly FamilyDefaults Rows = new() { ImagePooling = Pooling.Rows, TextPooling = Pooling.Rows };

    private static readonly Dictionary<string, FamilyDefaults> ByModelType = new(StringComparer.Ordinal)
    {
        ["clip"] = Clip,
        ["clip_text_model"] = Clip,
        ["clip_vision_model"] = Clip,
        ["open_clip"] = Clip,
        ["mobileclip"] = Clip,
        ["siglip"] = Siglip,
        ["siglip_text_model"] = Siglip,
        ["siglip_vision_model"] = Siglip,
        ["siglip2"] = Siglip with { PadId = 0 },
        ["siglip2_text_model"] = Siglip with { PadId = 0 },
        ["jina_clip"] = new() { ImagePooling = Pooling.First, TextPooling = Pooling.Mean },
        ["nomic_bert"] = new()
        {
            ImagePooling = Pooling.First,
            TextPooling = Pooling.Mean,
            LayerNormalize = true,
            Prompt = "search_query: {}",
            PassagePrompt = "search_document: {}",
        },
        ["colpali"] = Rows,
        ["colqwen2"] = Rows,
        ["colidefics3"] = Rows,
        ["colmodernvbert"] = Rows,
        ["modernvbert"] = Rows,
    };

    /// <summary>Pooling of [batch, rows, d] on the image side; null where the family has no rule.</summary>
    public Pooling? ImagePooling { get; init; }

    /// <summary>Pooling of [batch, tokens, d] on the text side; null where the family has no rule.</summary>
    public Pooling? TextPooling { get; init; }

    /// <summary>Mean and variance of the pooled text vector are normalised.</summary>
    public bool LayerNormalize { get; init; }

    /// <summary>Tokens at most.</summary>
    public int? TextLength { get; init; }

    /// <summary>Every text is padded to the full length.</summary>
    public bool PadToMaxLength { get; init; }

    /// <summary>The token that pads.</summary>
    public int? PadId { get; init; }

    /// <summary>Text around a query.</summary>
    public string Prompt { get; init; } = "{}";

    /// <summary>Text around a passage.</summary>
    public string PassagePrompt { get; init; } = "{}";

    /// <summary>The defaults of a model_type; empty ones for an unknown type.</summary>
    public static FamilyDefaults Find(string? modelType) =>
        ByModelType.GetValueOrDefault(modelType ?? "") ?? new FamilyDefaults();
}
