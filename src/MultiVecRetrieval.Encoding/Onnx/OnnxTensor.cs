namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>A declared input or output of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">One length per axis; -1 where the graph leaves it open.</param>
internal sealed record OnnxTensor(string Name, OnnxTensorType Type, IReadOnlyList<long> Shape)
{
    public int Rank => Shape.Count;

    public override string ToString() =>
        $"{Name} {Type}[{string.Join(",", Shape.Select(length => length < 0 ? "?" : length.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}
