using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Values that are trained, with their gradient and the two moments of Adam.</summary>
internal sealed class Parameter(Matrix values, bool decays)
{
    public Matrix Values { get; } = values;

    public Matrix Gradient { get; } = new(values.Rows, values.Columns);

    /// <summary>True for weights, false for biases and the scales of a normalisation: those are not pulled to zero.</summary>
    public bool Decays { get; } = decays;

    public float[] FirstMoment { get; } = new float[values.Rows * values.Columns];

    public float[] SecondMoment { get; } = new float[values.Rows * values.Columns];
}
