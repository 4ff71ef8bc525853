using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>A model folder.</summary>
/// <param name="Id">Name of the folder, by which requests name the model.</param>
/// <param name="Created">When the folder was last changed, in seconds since 1970.</param>
/// <param name="Family">Family, for instance clip; null of one that cannot be read, as all that follows.</param>
/// <param name="Dimension">Length of a row.</param>
/// <param name="EncodesText">Whether it takes texts.</param>
/// <param name="EncodesImages">Whether it takes pictures.</param>
/// <param name="IsSemantic">True when it finds meaning in pictures; false when it reads visible words.</param>
/// <param name="IsMultiVector">True when an input may give several rows: ask with return_multivector.</param>
/// <param name="CanShorten">True when dimensions may be less than dimension.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
public sealed record ModelBody(
    string Id, long Created, string? Family, int? Dimension, bool? EncodesText, bool? EncodesImages, bool? IsSemantic, bool? IsMultiVector,
    bool? CanShorten, string? Problem)
{
    /// <summary>Always model.</summary>
    public string Object { get; } = "model";

    /// <summary>Always local.</summary>
    [JsonPropertyName("owned_by")]
    public string OwnedBy { get; } = "local";

    /// <summary>True for a reranker: name it at /v1/rerank and /score, and as rerank of a search. It encodes nothing.</summary>
    public required bool IsReranker { get; init; }

    /// <summary>Frames of which it makes one vector of a video, beside those of frames; 0 where it takes no videos.</summary>
    public int? VideoFrameCount { get; init; }

    /// <summary>Tasks for which it has other words around a query: name one as task of a search.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    internal static ModelBody From(FoundModel model) => new(
        model.Name,
        new DateTimeOffset(Directory.GetLastWriteTimeUtc(model.Folder)).ToUnixTimeSeconds(),
        model.Contract?.Family ?? model.Reranker?.Family, model.Contract?.Dimension, model.Contract?.EncodesText,
        model.Contract?.EncodesImages, model.Contract?.IsSemantic, model.Contract?.IsMultiVector, model.Contract?.CanShorten, model.Problem)
    {
        IsReranker = model.Reranker is not null,
        VideoFrameCount = model.Contract?.VideoFrameCount,
        Tasks = model.Contract?.Tasks ?? [],
    };
}
