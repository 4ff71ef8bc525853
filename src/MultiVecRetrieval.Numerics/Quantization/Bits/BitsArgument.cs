using System.Globalization;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>The argument of <c>bits</c>: <c>N</c>, <c>N-symmetric</c> or <c>N-hamming</c>.</summary>
/// <param name="BitCount">Bits per dimension on average.</param>
/// <param name="Scoring">How a query meets them.</param>
internal readonly record struct BitsArgument(int BitCount, BitScoring Scoring)
{
    /// <exception cref="SpecException">It is none, or the number of bits is out of its range.</exception>
    public static BitsArgument Parse(CodecSpec spec)
    {
        string[] parts = spec.Argument.Split('-');
        BitScoring? scoring = parts.Length == 1 ? BitScoring.Asymmetric : parts.Length > 2 ? null : parts[1] switch
        {
            "symmetric" => BitScoring.Symmetric,
            "hamming" => BitScoring.Hamming,
            _ => null,
        };
        return scoring is { } known && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int bitCount)
            && bitCount is >= 1 and <= BitsModel.MaxBitCount
            ? new BitsArgument(bitCount, known)
            : throw spec.Refuse(
                $"bits:N takes N from 1 to {BitsModel.MaxBitCount} bits per dimension, and after it -symmetric or -hamming or nothing");
    }
}
