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

    private const string DescribeInQwen =
        "<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>Describe the image.<|im_end|><|endoftext|>";

    // The wording of the released checkpoints; colpali-engine dropped the words before the query in a later version.
    private static readonly FamilyDefaults ColQwen2 = Rows with
    {
        ImagePrompt = DescribeInQwen,
        Prompt = "Query: {}" + Repeat("<|endoftext|>", 10),
        MinImageTokens = 4,
        MaxImageTokens = 768,
    };

    private static readonly FamilyDefaults ColIdefics3 = Rows with
    {
        ImagePrompt = "<|im_start|>User:<image>Describe the image.<end_of_utterance>\nAssistant:",
        Prompt = "Query: {}" + Repeat("<end_of_utterance>", 10) + "\n",
    };

    private static readonly FamilyDefaults ColModernVBert = Rows with
    {
        ImagePrompt = "<|begin_of_text|>User:<image>Describe the image.<end_of_utterance>\nAssistant:",
        Prompt = "{}" + Repeat("<end_of_utterance>", 10),
    };

    private static readonly FamilyDefaults LastToken = new() { ImagePooling = Pooling.Last, TextPooling = Pooling.Last };

    private static readonly IReadOnlyDictionary<string, TaskPrompts> MmebTasks =
        MmebInstructions.CreatePrompts("<|image_pad|>", "<|video_pad|>");

    // No vision marks around the picture: VLM2Vec puts the bare token before the instruction. Its instructions differ by task; without a
    // word in the folder, pages are meant.
    private static readonly FamilyDefaults Vlm2Vec = LastToken with
    {
        ImagePrompt = MmebTasks[MmebInstructions.Pages].Image,
        Prompt = MmebTasks[MmebInstructions.Pages].Query,
        MinImageTokens = 4,
        MaxImageTokens = 1280,
        VideoPrompt = MmebTasks[MmebInstructions.Pages].Video,
        MinFrameTokens = 4,
        MaxFrameTokens = 1280,
        Tasks = MmebTasks,
    };

    private static readonly FamilyDefaults Gme = LastToken with
    {
        ImagePrompt = Chat("You are a helpful assistant.", "<|vision_start|><|image_pad|><|vision_end|>") + "<|endoftext|>",
        Prompt = Chat("You are a helpful assistant.", "{}") + "<|endoftext|>",
        MinImageTokens = 4,
        MaxImageTokens = 1280,
    };

    private static readonly FamilyDefaults Qwen3Embedding = LastToken with
    {
        ImagePrompt = Chat("Represent the user's input.", "<|vision_start|><|image_pad|><|vision_end|>"),
        Prompt = Chat("Retrieve images or text relevant to the user's query.", "{}"),
        MinImageTokens = 4,
        MaxImageTokens = 1800,
        VideoPrompt = Chat("Represent the user's input.", "<|vision_start|><|video_pad|><|vision_end|>"),
        MinFrameTokens = 128,
        MaxFrameTokens = 768,
        IsVideoTimestamped = true,
        Tasks = new Dictionary<string, TaskPrompts>
        {
            ["plain"] = new(
                Chat("Represent the user's input.", "{}"),
                Chat("Represent the user's input.", "<|vision_start|><|image_pad|><|vision_end|>"),
                Chat("Represent the user's input.", "<|vision_start|><|video_pad|><|vision_end|>")),
        },
    };

    // Heads that keep the model_type of the network under them, by what the name of their architecture begins with; the longest first.
    private static readonly (string Beginning, string Family)[] ByArchitecture =
    [
        ("ColQwen2_5", "colqwen2_5"), ("ColQwen2", "colqwen2"), ("ColQwen3", "colqwen3"), ("ColIdefics3", "colidefics3"),
        ("ColModernVBert", "colmodernvbert"), ("ColVBert", "colmodernvbert"), ("GmeQwen2VL", "gme"),
    ];

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
        ["colqwen2"] = ColQwen2,
        ["colqwen2_5"] = ColQwen2,
        ["colqwen3"] = Rows,
        ["colidefics3"] = ColIdefics3,
        ["idefics3"] = ColIdefics3,
        ["smolvlm"] = ColIdefics3,
        ["colmodernvbert"] = ColModernVBert,
        ["modernvbert"] = ColModernVBert,
        ["vlm2vec"] = Vlm2Vec,
        ["qwen2_vl"] = Vlm2Vec,
        ["qwen2_5_vl"] = Vlm2Vec,
        ["gme"] = Gme,
        ["qwen3_vl"] = Qwen3Embedding,
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

    /// <summary>What a picture is put into, with the image token once; null where pictures go without tokens or the family does not
    /// say.</summary>
    public string? ImagePrompt { get; init; }

    /// <summary>Tokens of a picture at least; null to leave it to the preprocessor's file.</summary>
    public int? MinImageTokens { get; init; }

    /// <summary>Tokens of a picture at most; null to leave it to the preprocessor's file.</summary>
    public int? MaxImageTokens { get; init; }

    /// <summary>What a video is put into, with the video token once; null where the family takes none or does not say.</summary>
    public string? VideoPrompt { get; init; }

    /// <summary>Tokens of a frame of a video at least; null to leave it to the preprocessor's file.</summary>
    public int? MinFrameTokens { get; init; }

    /// <summary>Tokens of a frame of a video at most; null to leave it to the preprocessor's file.</summary>
    public int? MaxFrameTokens { get; init; }

    /// <summary>True when the groups of frames of a video stand between marks, each behind its time.</summary>
    public bool IsVideoTimestamped { get; init; }

    /// <summary>Other prompts, by task.</summary>
    public IReadOnlyDictionary<string, TaskPrompts> Tasks { get; init; } = new Dictionary<string, TaskPrompts>();

    /// <summary>The family's name: by the head of the network where it is known, else its model_type; null when neither is given.</summary>
    public static string? Name(string? modelType, string? architecture) => ByArchitecture
        .Where(known => architecture?.StartsWith(known.Beginning, StringComparison.OrdinalIgnoreCase) == true)
        .Select(known => known.Family).FirstOrDefault() ?? modelType;

    /// <summary>The defaults of a family; empty ones for an unknown name.</summary>
    public static FamilyDefaults Find(string? family) =>
        ByModelType.GetValueOrDefault(family ?? "") ?? new FamilyDefaults();

    private static string Repeat(string token, int count) => string.Concat(Enumerable.Repeat(token, count));

    private static string Chat(string system, string user) =>
        $"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n";
}
