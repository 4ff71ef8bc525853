using System.Globalization;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>The argument of a code family: <c>K</c>, <c>KxK2</c>, or <c>K-hamming</c>.</summary>
/// <param name="Count">K, centroids of a row.</param>
/// <param name="ResidualCount">K2, centroids of what the first leaves; 0 without.</param>
/// <param name="Similarity">What scores come from.</param>
internal readonly record struct CodeArgument(int Count, int ResidualCount, CodeSimilarity Similarity = CodeSimilarity.Query)
{
    /// <summary>Reads an argument; empty stands for 256.</summary>
    /// <exception cref="SpecException">It is none, or a count is beyond what a code can hold.</exception>
    public static CodeArgument Parse(CodecSpec spec, bool allowsResidual)
    {
        if (spec.Argument.Length == 0)
        {
            return new CodeArgument(Codebook.MaxByteCount, 0);
        }

        string[] halves = spec.Argument.Split('-');
        string[] parts = halves[0].Split('x');
        if (halves.Length > 2 || parts.Length > (allowsResidual && halves.Length == 1 ? 2 : 1))
        {
            throw Refuse(spec, allowsResidual);
        }

        int count = ParseCount(parts[0], spec, allowsResidual);
        return new CodeArgument(count, parts.Length == 2
            ? ParseCount(parts[1], spec, allowsResidual)
            : 0, halves.Length == 1 ? CodeSimilarity.Query : halves[1] switch
            {
                "hamming" => CodeSimilarity.Hamming,
                _ => throw Refuse(spec, allowsResidual),
            });
    }

    private static int ParseCount(string text, CodecSpec spec, bool allowsResidual) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 2 and <= Codebook.MaxCount
            && text[0] != '0'
            ? count
            : throw Refuse(spec, allowsResidual);

    private static SpecException Refuse(CodecSpec spec, bool allowsResidual) => spec.Refuse(
        $"{spec.Family} takes K{(allowsResidual ? ", KxK2" : "")} or K-hamming with K from 2 to {Codebook.MaxCount} centroids");
}
