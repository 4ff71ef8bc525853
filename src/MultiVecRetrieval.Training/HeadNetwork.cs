using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>A chain of residual blocks in training.</summary>
internal sealed class HeadNetwork
{
    private readonly ResidualBlock[] _blocks;

    public HeadNetwork(int dimension, int hidden, int blockCount, Random random)
    {
        _blocks = new ResidualBlock[blockCount];
        for (int i = 0; i < blockCount; i++)
        {
            _blocks[i] = new ResidualBlock(dimension, hidden, random);
        }
    }

    public IReadOnlyList<Parameter> Parameters => [.. _blocks.SelectMany(block => block.Parameters)];

    public Matrix Forward(Matrix input, int threads)
    {
        Matrix values = input;
        foreach (ResidualBlock block in _blocks)
        {
            values = block.Forward(values, threads);
        }

        return values;
    }

    /// <summary>Sets the gradients of all parameters from dL/d output of the last <see cref="Forward"/>.</summary>
    public void Backward(Matrix gradient, int threads)
    {
        for (int i = _blocks.Length - 1; i >= 0; i--)
        {
            Matrix? next = i == 0 ? null : new Matrix(gradient.Rows, gradient.Columns);
            _blocks[i].Backward(gradient, next, threads);
            gradient = next ?? gradient;
        }
    }

    /// <summary>The chain with the means and deviations that a population has at each block.</summary>
    public FrozenBlock[] Freeze(Matrix population, int threads)
    {
        Matrix values = population.Clone();
        FrozenBlock[] frozen = new FrozenBlock[_blocks.Length];
        for (int i = 0; i < frozen.Length; i++)
        {
            frozen[i] = _blocks[i].Freeze(values, threads);
            frozen[i].Apply(values, threads);
        }

        return frozen;
    }
}
