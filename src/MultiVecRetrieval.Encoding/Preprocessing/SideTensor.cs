namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Whole numbers that a graph takes beside the pixels.</summary>
/// <param name="Name">Name of the input, as exporters write it.</param>
/// <param name="Values">Row-major.</param>
/// <param name="Shape">One length per axis, with the batch.</param>
internal sealed record SideTensor(string Name, long[] Values, long[] Shape);
