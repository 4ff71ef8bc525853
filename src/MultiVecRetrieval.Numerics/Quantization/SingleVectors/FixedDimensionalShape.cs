using System.Globalization;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>How long a fixed dimensional encoding is.</summary>
/// <param name="Repetitions">Independent encodings, one after the other.</param>
/// <param name="Bits">Hyperplanes of an encoding; it has 2^Bits buckets.</param>
/// <param name="Projected">Dimensions of a bucket.</param>
internal readonly record struct FixedDimensionalShape(int Repetitions, int Bits, int Projected)
{
    private const int MaxBits = 10;

    /// <summary>What the paper recommends: 10,240 values.</summary>
    public static FixedDimensionalShape Default { get; } = new(20, 5, 16);

    /// <summary>Values of an entry's vector.</summary>
    public int Length => (Repetitions << Bits) * Projected;

    /// <summary>Reads <c>RxKxP</c>.</summary>
    /// <exception cref="CodecSpecException">The argument is none, or the encoding would be too long.</exception>
    public static FixedDimensionalShape Parse(CodecSpec spec)
    {
        if (spec.Argument.Length == 0)
        {
            return Default;
        }

        string[] parts = spec.Argument.Split('x');
        int[] numbers =
            [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers.Length == 3 && numbers.All(number => number >= 1) && numbers[1] <= MaxBits
            && ((long)numbers[0] << numbers[1]) * numbers[2] <= PackedRows.Int8MaxDimension
            ? new FixedDimensionalShape(numbers[0], numbers[1], numbers[2])
            : throw new CodecSpecException(
                spec, $"fde:RxKxP takes R repetitions, K from 1 to {MaxBits} bits and P dimensions, with R 2^K P from 1 to {PackedRows.Int8MaxDimension}");
    }
}
