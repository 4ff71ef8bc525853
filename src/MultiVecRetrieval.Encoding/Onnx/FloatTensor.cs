namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>An output of a graph, converted to float32.</summary>
/// <param name="Values">All values, row-major.</param>
/// <param name="Shape">One length per axis.</param>
internal sealed record FloatTensor(float[] Values, IReadOnlyList<long> Shape);
