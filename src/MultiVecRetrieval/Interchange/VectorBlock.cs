namespace MultiVecRetrieval.Interchange;

/// <summary>Rows that lie one behind the other in a file.</summary>
/// <param name="Key">The entry that they are all of; null where a file of keys says whose each is.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Rows">How many.</param>
/// <param name="Dimension">Values of a row.</param>
/// <param name="Element">How a value is stored.</param>
internal sealed record VectorBlock(string? Key, long Offset, long Rows, int Dimension, VectorElement Element)
{
    public long SizeInBytes => Rows * Dimension * VectorElements.SizeOf(Element);
}
