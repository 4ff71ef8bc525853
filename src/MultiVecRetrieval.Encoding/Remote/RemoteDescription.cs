using System.Text.Json;
using System.Text.Json.Serialization;
using MultiVecRetrieval.Encoding.Http;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>The <c>remote.json</c> of a model folder whose network runs elsewhere.</summary>
internal sealed record RemoteDescription
{
    public const string FileName = "remote.json";

    private const int LargestDimension = 65_536;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The whole address: http or https, without a key in it.</summary>
    public required string Endpoint { get; init; }

    public required RemoteShape Shape { get; init; }

    /// <summary>The model's name, as the endpoint wants it.</summary>
    public required string Model { get; init; }

    /// <summary>Which weights; changed when the endpoint changes them. Part of the space's id, as is <see cref="Model"/>.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Length of a vector that the endpoint gives; 0 for <see cref="RemoteShape.Rerank"/>.</summary>
    public int Dimension { get; init; }

    /// <summary>True to ask for vectors of <see cref="Dimension"/> values, of a model that can shorten them.</summary>
    public bool AsksForDimension { get; init; }

    /// <summary>True when a picture or text gives several rows. True for <see cref="RemoteShape.Pooling"/>.</summary>
    public bool? MultiVector { get; init; }

    public bool Images { get; init; }

    public bool Texts { get; init; } = true;

    /// <summary>Text around a query; {} stands for it.</summary>
    public string QueryPrompt { get; init; } = "{}";

    /// <summary>Text around a passage; {} stands for it.</summary>
    public string PassagePrompt { get; init; } = "{}";

    /// <summary>Text beside a picture in a chat message; empty for none.</summary>
    public string ImagePrompt { get; init; } = "";

    /// <summary>The task of a query, for <see cref="RemoteShape.Jina"/>.</summary>
    public string? QueryTask { get; init; }

    /// <summary>The task of a passage, for <see cref="RemoteShape.Jina"/>.</summary>
    public string? PassageTask { get; init; }

    /// <summary>The task of a picture, for <see cref="RemoteShape.Jina"/>.</summary>
    public string? ImageTask { get; init; }

    /// <summary>True for vectors as base64 of float32, half the bytes of numbers; false for numbers.</summary>
    public bool Base64 { get; init; }

    /// <summary>Where the rows of a picture lie; null when they have no places.</summary>
    public RemoteGrid? ImageGrid { get; init; }

    /// <summary>Longer side of a picture at most, in pixels; larger ones are made smaller here.</summary>
    public int MaxImageSide { get; init; } = 1024;

    /// <summary>Inputs of a request at most.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>Requests at a time.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>How long a request may take.</summary>
    public double TimeoutSeconds { get; init; } = 60;

    /// <summary>How often a request is repeated.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The first pause before it; it doubles.</summary>
    public double RetryDelaySeconds { get; init; } = 1;

    /// <summary>Bytes of an answer at most.</summary>
    public long MaxAnswerBytes { get; init; } = 64 << 20;

    /// <summary>Name of the environment variable with the key; null for no key.</summary>
    public string? KeyVariable { get; init; }

    [JsonIgnore]
    public bool IsMultiVector => MultiVector ?? Shape == RemoteShape.Pooling;

    /// <summary>The endpoint without a query string, for people.</summary>
    [JsonIgnore]
    public string ShownEndpoint => HttpAddress.Show(Endpoint);

    /// <summary>Everything that decides which vectors come out. Not where they are computed: an endpoint that moves keeps its
    /// spaces.</summary>
    [JsonIgnore]
    public string Identity => string.Join(
        '\n',
        "remote", Model, Revision, Shape, FormattableString.Invariant($"{Dimension} {AsksForDimension} {IsMultiVector}"),
        Images ? FormattableString.Invariant($"images {MaxImageSide} {ImagePrompt} {ImageTask}") : "",
        Texts ? $"texts {QueryPrompt} {QueryTask} {(Images ? "" : $"{PassagePrompt} {PassageTask}")}" : "");

    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <exception cref="ModelFormatException">The file is no valid description.</exception>
    public static RemoteDescription Read(string folder)
    {
        RemoteDescription description;
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(folder, FileName));
            description = JsonSerializer.Deserialize<RemoteDescription>(file, Json)
                ?? throw new ModelFormatException(folder, $"{FileName} is null.");
        }
        catch (JsonException error)
        {
            throw new ModelFormatException(folder, $"{FileName}: {error.Message}", error);
        }

        return description.FindProblem() is { } problem ? throw new ModelFormatException(folder, $"{FileName}: {problem}.") : description;
    }

    private string? FindProblem() =>
        HttpAddress.FindProblem("endpoint", Endpoint)
        ?? (Model.Length == 0 ? "model is empty" : null)
        ?? OutOfRange("dimension", Dimension, Shape == RemoteShape.Rerank ? 0 : 1, Shape == RemoteShape.Rerank ? 0 : LargestDimension)
        ?? OutOfRange("maxImageSide", MaxImageSide, 16, 8192)
        ?? OutOfRange("maxBatch", MaxBatch, 1, 2048)
        ?? OutOfRange("maxConcurrency", MaxConcurrency, 1, 256)
        ?? OutOfRange("timeoutSeconds", TimeoutSeconds, 0.01, 3600)
        ?? OutOfRange("retries", Retries, 0, 100)
        ?? OutOfRange("retryDelaySeconds", RetryDelaySeconds, 0, 60)
        ?? OutOfRange("maxAnswerBytes", MaxAnswerBytes, 1024, 1L << 31)
        ?? (Shape == RemoteShape.Rerank && (Images || !Texts || MultiVector is not null) ? "the shape rerank takes texts and gives scores"
        : !Images && !Texts ? "it takes neither images nor texts"
        : Shape == RemoteShape.OpenAi && IsMultiVector ? "the shape openAi gives one vector each; pooling gives several"
        : Shape == RemoteShape.Pooling && !IsMultiVector ? "the shape pooling gives a vector per token"
        : Shape != RemoteShape.Jina && (QueryTask ?? PassageTask ?? ImageTask) is not null ? "tasks belong to the shape jina; say a prompt"
        : Shape == RemoteShape.Jina && ImagePrompt.Length > 0 ? "the shape jina has no text beside a picture (imagePrompt)"
        : new[] { QueryPrompt, PassagePrompt }.FirstOrDefault(prompt => !prompt.Contains("{}", StringComparison.Ordinal)) is { } prompt
            ? $"the prompt \"{prompt}\" has no {{}} for the text"
        : ImageGrid is not null && (!Images || !IsMultiVector || !ImageGrid.IsValid)
            ? "imageGrid says the rows and columns, from 1, of a picture with several vectors, and firstRow from 0"
        : KeyVariable is { } variable && !HttpAddress.IsVariable(variable)
            ? "keyVariable is the name of an environment variable, never the key itself"
        : null);

    private static string? OutOfRange(string key, double value, double least, double most) =>
        value >= least && value <= most ? null : FormattableString.Invariant($"{key} is {value}; it is {least} to {most}");
}
