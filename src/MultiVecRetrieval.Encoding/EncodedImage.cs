using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding;

/// <summary>A picture as a model sees it.</summary>
/// <param name="Rows">Rows with places.</param>
/// <param name="Tags">What the model names in it, most likely first; empty for a model that names nothing.</param>
public sealed record EncodedImage(MultiVector Rows, IReadOnlyList<ImageTag> Tags);
