using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>What training of <see cref="BitsCodec"/> found: means, a rotation, and how many bits each rotated coordinate gets.</summary>
/// <remarks>
/// A row x becomes z = R(x - μ). Coordinate k has b_k bits: an odd integer c_k in ±(2^b_k - 1) whose j-th bit from the top, as a sign,
/// weighs 2^(b_k - 1 - j), so that any first planes are a coarser code by themselves. It stands for f · a_k · c_k / 2^(b_k - 1): a_k is
/// the amplitude of the coordinate's first bit, f the row's factor.
/// </remarks>
internal sealed class BitsModel
{
    /// <summary>The most bits a coordinate may have.</summary>
    public const int MaxBitCount = 8;

    /// <summary>The greatest length of a row.</summary>
    public const int MaxDimension = 4_096;

    private const int ErrorCount = 3;

    /// <summary>Takes what training found; every length is d, but for the rotation.</summary>
    public BitsModel(float[] mean, float[] queryMean, float[] rotation, byte[] bitCounts, float[] amplitudes)
    {
        Dimension = mean.Length;
        Mean = mean;
        QueryMean = queryMean;
        Rotation = rotation;
        BitCounts = bitCounts;
        Amplitudes = amplitudes;
        PlaneCount = bitCounts.Max();
        Planes = [.. Enumerable.Range(0, PlaneCount)
            .Select(plane => Enumerable.Range(0, Dimension).Where(k => bitCounts[k] > plane).ToArray())];
        NormUnit = GetNormUnit();
        MeanNorm = Rounding.Norm(mean);
        MaxCodeNorm = 2 * Rounding.Norm(amplitudes);
        double queryNorm = Rounding.Norm(queryMean);
        BiasUnit = queryNorm > 0 ? (float)(NormUnit * queryNorm) : 1;
        PlaneFactors = new float[PlaneCount];
        PlaneFactors.AsSpan().Fill(1);
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>μ, the mean of the rows.</summary>
    public float[] Mean { get; }

    /// <summary>m, the mean of the queries; empty when none were known, and then rows have no bias.</summary>
    public float[] QueryMean { get; }

    /// <summary>True when each row stores ⟨m, x - μ⟩.</summary>
    public bool HasBias => QueryMean.Length > 0;

    /// <summary>R transposed: [input × output].</summary>
    public float[] Rotation { get; }

    /// <summary>b_k, 0 to 8.</summary>
    public byte[] BitCounts { get; }

    /// <summary>a_k.</summary>
    public float[] Amplitudes { get; }

    /// <summary>The most bits of any coordinate.</summary>
    public int PlaneCount { get; }

    /// <summary>Per plane, the coordinates that have a bit in it, ascending.</summary>
    public int[][] Planes { get; }

    /// <summary>Per number of planes less one: what a row's factor is multiplied by when only these planes are read.</summary>
    public float[] PlaneFactors { get; init; }

    /// <summary>The length that the coordinates with bits of a typical row have: the unit of error bounds.</summary>
    public float NormUnit { get; }

    /// <summary>The unit of biases.</summary>
    public float BiasUnit { get; }

    /// <summary>|μ|.</summary>
    public double MeanNorm { get; }

    /// <summary>The length of the longest code, for a factor of 1.</summary>
    public double MaxCodeNorm { get; }

    /// <summary>How far R Rᵀ is from the identity, in the Frobenius norm.</summary>
    public float OrthogonalityError { get; init; }

    /// <summary>The share of the Cauchy-Schwarz bound that held-out pairs reached: the quantiles 0.99 and 0.999, and the
    /// greatest.</summary>
    public float[] ErrorShares { get; init; } = [1, 1, 1];

    /// <summary>Bytes that a row's bits of a plane take.</summary>
    public int GetPlaneSize(int plane) => (Planes[plane].Length + 7) / 8;

    /// <summary>As docs/format.md describes them.</summary>
    public byte[] Write()
    {
        int size = 8 + (4 * (1 + ErrorCount + PlaneCount + Mean.Length + QueryMean.Length + Amplitudes.Length + Rotation.Length))
            + Dimension;
        byte[] bytes = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, HasBias ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), PlaneCount);
        int offset = 8;
        foreach (float[] values in (float[][])[[OrthogonalityError], ErrorShares, PlaneFactors, Mean, QueryMean, Amplitudes, Rotation])
        {
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes.AsSpan(offset));
            offset += values.Length * sizeof(float);
        }

        BitCounts.CopyTo(bytes.AsSpan(offset));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static BitsModel Read(int dimension, ReadOnlySpan<byte> bytes)
    {
        int flags = bytes.Length >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;
        int planeCount = bytes.Length >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) : -1;
        if (flags is not (0 or 1) || planeCount is < 1 or > MaxBitCount || dimension is < 1 or > MaxDimension)
        {
            throw new InvalidDataException($"These are no parameters of bits: flags {flags}, {planeCount} planes, d = {dimension}.");
        }

        int queryCount = flags == 1 ? dimension : 0;
        long expected =
            8 + (4L * (1 + ErrorCount + planeCount + dimension + queryCount + dimension + ((long)dimension * dimension))) + dimension;
        if (bytes.Length != expected)
        {
            throw new InvalidDataException($"Parameters of bits for d = {dimension} take {expected} bytes, {bytes.Length} were given.");
        }

        FloatReader reader = new(bytes[8..]);
        float orthogonalityError = reader.Next(1)[0];
        float[] errorShares = reader.Next(ErrorCount);
        float[] planeFactors = reader.Next(planeCount);
        float[] mean = reader.Next(dimension);
        float[] queryMean = reader.Next(queryCount);
        float[] amplitudes = reader.Next(dimension);
        float[] rotation = reader.Next(dimension * dimension);
        byte[] bitCounts = reader.Rest.ToArray();
        if (bitCounts.Max() != planeCount || orthogonalityError is not (>= 0 and < 0.5f) || amplitudes.Min() < 0)
        {
            throw new InvalidDataException("Parameters of bits are damaged: bit counts, amplitudes or rotation are out of range.");
        }

        return new BitsModel(mean, queryMean, rotation, bitCounts, amplitudes)
        {
            PlaneFactors = planeFactors,
            OrthogonalityError = orthogonalityError,
            ErrorShares = errorShares,
        };
    }

    private float GetNormUnit()
    {
        double sum = 0;
        for (int k = 0; k < Dimension; k++)
        {
            int bits = BitCounts[k];
            double deviation = bits == 0 ? 0 : Amplitudes[k] * 4.0 / ((1 << bits) * GaussianSteps.Get(bits));
            sum += deviation * deviation;
        }

        return sum > 0 ? (float)Math.Sqrt(sum) : 1;
    }

    private ref struct FloatReader(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

        public float[] Next(int count)
        {
            float[] values = MemoryMarshal.Cast<byte, float>(Rest[..(count * sizeof(float))]).ToArray();
            Rest = Rest[(count * sizeof(float))..];
            foreach (float value in values)
            {
                if (!float.IsFinite(value))
                {
                    throw new InvalidDataException($"Parameters of bits hold the value {value}.");
                }
            }

            return values;
        }
    }
}
