namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A value of an attribute that an entry has.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Value">The value.</param>
/// <param name="Similarity">How similar the entry is to it, in [-1, 1].</param>
public sealed record EntryAttributeBody(string Name, string Value, double Similarity);
