namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A vector space of a collection.</summary>
/// <param name="Name">Name of the space, for instance page-words.</param>
/// <param name="Id">Identity of model, preprocessing and pooling; vectors of different ids are never compared.</param>
/// <param name="Dimension">Length of a row.</param>
/// <param name="RowFormat">How rows are stored: float32, float16 or int8.</param>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Reduction">How the rows of an entry were made fewer before they were stored, for instance ward:3; null when all are
/// there.</param>
/// <param name="State">live: it is asked; filling: it is filled to take the place of another; kept: another took its place.</param>
/// <param name="Counterpart">That other space; null for a live one.</param>
public sealed record SpaceBody(
    string Name, string Id, int Dimension, string RowFormat, long RowCount, string? Reduction, string State, string? Counterpart);
