namespace MultiVecRetrieval;

/// <summary>Who answers questions, and how much of what was found it reads. Settings <c>answer:*</c>.</summary>
public sealed record AnswerOptions
{
    /// <summary>The whole address of a chat endpoint in the form of OpenAI's API, as in <c>http://127.0.0.1:11434/v1/chat/completions</c>.
    /// Null, the default: nobody is asked, and an answer is the context. Setting <c>answer:endpoint</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The model's name, as the endpoint wants it; needed with an endpoint. Setting <c>answer:model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the environment variable that holds the key; null, the default, for none. Setting
    /// <c>answer:keyVariable</c>.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Tokens of all sources together, counted as one for every three bytes of UTF-8; in [64, 4,000,000]. Default 6,000. Setting
    /// <c>answer:maxContextTokens</c>.</summary>
    public int MaxContextTokens { get; init; } = 6000;

    /// <summary>Adds the pictures of sources, for models that see. Default false. Setting <c>answer:pictures</c>.</summary>
    public bool Pictures { get; init; }

    /// <summary>Pictures at most, of the first sources; in [1, 100]. They are not counted as tokens. Default 4. Setting
    /// <c>answer:maxPictures</c>.</summary>
    public int MaxPictures { get; init; } = 4;

    /// <summary>Pixels of the longer side of a picture at most; in [64, 4096]. Default 1,024. Setting <c>answer:pictureSide</c>.</summary>
    public int PictureSide { get; init; } = 1024;

    /// <summary>How long one call of the endpoint may take, its answer included; in [0.1 s, 1 h]. Default 5 minutes. Setting
    /// <c>answer:timeout</c>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a call is repeated that failed for now, before anything of its answer was passed on; in [0, 20]. Default 2.
    /// Setting <c>answer:retries</c>.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>True when there is somebody to ask.</summary>
    public bool HasEndpoint => Endpoint is not null && Model is not null;

    // The first pause before a repetition; it doubles. Tests do not wait.
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
