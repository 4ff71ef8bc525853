namespace MultiVecRetrieval;

/// <summary>A value of an attribute that an entry has.</summary>
/// <param name="Value">One of <see cref="AttributeDefinition.Values"/>.</param>
/// <param name="Similarity">How similar the entry is to it, in [-1, 1].</param>
public sealed record AttributeValue(string Value, double Similarity);
