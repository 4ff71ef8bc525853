using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What is to be compared: queries with documents, by one of three pairs of names. One query for all documents, or as many as
/// there are documents.</summary>
public sealed record ScoreBody : ModelRequestBody
{
    /// <summary>The query or queries: a text, or what an item of /v1/embeddings is, or a list.</summary>
    [JsonPropertyName("queries")]
    public JsonElement? Queries { get; init; }

    /// <summary>The documents, likewise.</summary>
    [JsonPropertyName("documents")]
    public JsonElement? Documents { get; init; }

    /// <summary>Another name of queries.</summary>
    [JsonPropertyName("text_1")]
    public JsonElement? Text1 { get; init; }

    /// <summary>Another name of documents.</summary>
    [JsonPropertyName("text_2")]
    public JsonElement? Text2 { get; init; }

    /// <summary>Another name of queries.</summary>
    [JsonPropertyName("data_1")]
    public JsonElement? Data1 { get; init; }

    /// <summary>Another name of documents.</summary>
    [JsonPropertyName("data_2")]
    public JsonElement? Data2 { get; init; }
}
