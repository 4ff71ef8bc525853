namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>Values for one input of a graph, in the widest type; the session casts them to what the graph declares.</summary>
internal sealed class TensorFeed
{
    public TensorFeed(string name, float[] values, params long[] shape) => (Name, Floats, Shape) = (name, values, shape);

    public TensorFeed(string name, long[] values, params long[] shape) => (Name, Integers, Shape) = (name, values, shape);

    public string Name { get; }

    public float[]? Floats { get; }

    public long[]? Integers { get; }

    public long[] Shape { get; }
}
