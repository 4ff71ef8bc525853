namespace MultiVecRetrieval.Encoding;

/// <summary>Something that a model names in a picture.</summary>
/// <param name="Name">Its name, lower-case.</param>
/// <param name="Probability">How sure the model is, in (0, 1].</param>
public readonly record struct ImageTag(string Name, float Probability);
