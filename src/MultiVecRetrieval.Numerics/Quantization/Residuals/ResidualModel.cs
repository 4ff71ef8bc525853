using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>How what a centroid leaves of a row becomes bits: a rotation, bits per coordinate, and the levels they name.
/// Immutable.</summary>
/// <remarks>
/// With z = R(x - C), coordinate k of a row of scale c, 1 to 255, stands for c times the sum of the levels that its parts name, and the row
/// for C + Rᵀẑ. A row of scale 0 stands for its centroid.
/// </remarks>
internal sealed class ResidualModel
{
    /// <summary>The most bits of a coordinate.</summary>
    public const int MaxBitCount = 8;

    /// <summary>The greatest scale.</summary>
    public const int MaxScale = 255;

    /// <summary>A model of given values.</summary>
    /// <param name="rotation">R, [d × d]; row k is coordinate k's direction.</param>
    /// <param name="bitCounts">Bits of each coordinate.</param>
    /// <param name="codeCount">Codes of 4 bits of a row.</param>
    /// <param name="deviations">How far each coordinate deviates in a row of scale 1; only the first guess of a scale uses it.</param>
    /// <param name="levels">The levels of all parts, ascending within a part.</param>
    public ResidualModel(float[] rotation, byte[] bitCounts, int codeCount, float[] deviations, float[] levels)
    {
        Dimension = bitCounts.Length;
        Rotation = rotation;
        BitCounts = bitCounts;
        Deviations = deviations;
        Levels = levels;
        Parts = ResidualPart.Divide(bitCounts, codeCount);
        Directions = new Centroids(Dimension, rotation, isSpherical: true);
        float[] transposed = new float[rotation.Length];
        for (int k = 0; k < Dimension; k++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                transposed[(i * Dimension) + k] = rotation[(k * Dimension) + i];
            }
        }

        Inverse = new Centroids(Dimension, transposed, isSpherical: true);
        Stretch = Math.Sqrt(1 + Orthogonality.MeasureError(transposed, Dimension, threads: 1, CancellationToken.None));
        LargestNorm = GetLargestNorm();
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>R, [d × d].</summary>
    public float[] Rotation { get; }

    /// <summary>Bits of each coordinate.</summary>
    public byte[] BitCounts { get; }

    /// <summary>How far each coordinate deviates in a row of scale 1.</summary>
    public float[] Deviations { get; }

    /// <summary>The levels of all parts.</summary>
    public float[] Levels { get; }

    /// <summary>What the bits of a row are.</summary>
    public ResidualPart[] Parts { get; }

    /// <summary>Multiplies with R.</summary>
    public Centroids Directions { get; }

    /// <summary>Multiplies with Rᵀ.</summary>
    public Centroids Inverse { get; }

    /// <summary>How much longer R or Rᵀ makes a vector at most.</summary>
    public double Stretch { get; }

    /// <summary>A length that no restored residual exceeds.</summary>
    public double LargestNorm { get; }

    private double GetLargestNorm()
    {
        double[] largest = new double[Dimension];
        foreach (ResidualPart part in Parts)
        {
            largest[part.Coordinate] += Math.Max(Math.Abs(Levels[part.FirstLevel]),
                Math.Abs(Levels[part.FirstLevel + part.LevelCount - 1]));
        }

        return MaxScale * Stretch * Math.Sqrt(largest.Sum(value => value * value));
    }
}
