namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A file of a kind that is not read although its container is: sound without pictures, a raw photo.</summary>
/// <param name="kind">What it is, in a few words.</param>
public sealed class UnsupportedMediaException(string kind) : MediaException($"unsupported type ({kind})");
