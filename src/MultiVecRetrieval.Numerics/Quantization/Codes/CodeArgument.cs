using System.Globalization;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>The argument of a code family: <c>K</c> or <c>KxK2</c>.</summary>
/// <param name="Count">K, centroids of a row.</param>
/// <param name="ResidualCount">K2, centroids of what the first leaves; 0 without.</param>
internal readonly record struct CodeArgument(int Count, int ResidualCount)
{
    /// <summary>Reads an argument; empty stands for 256.</summary>
    /// <exception cref="ArgumentException">It is none, or a count is beyond what a code can hold.</exception>
    public static CodeArgument Parse(CodecSpec spec, bool allowsResidual)
    {
        if (spec.Argument.Length == 0)
        {
            return new CodeArgument(Codebook.MaxByteCount, 0);
        }

        string[] parts = spec.Argument.Split('x');
        if (parts.Length > (allowsResidual ? 2 : 1))
        {
            throw Refuse(spec, allowsResidual);
        }

        int count = ParseCount(parts[0], spec, allowsResidual);
        return new CodeArgument(count, parts.Length == 2 ? ParseCount(parts[1], spec, allowsResidual) : 0);
    }

    private static int ParseCount(string text, CodecSpec spec, bool allowsResidual) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 2 and <= Codebook.MaxCount && text[0] != '0'
            ? count
            : throw Refuse(spec, allowsResidual);

    private static ArgumentException Refuse(CodecSpec spec, bool allowsResidual) => new(
        $"'{spec.Argument}' is no argument of {spec.Family}: expected K{(allowsResidual ? " or KxK2" : "")} with 2 to {Codebook.MaxCount} centroids.",
        nameof(spec));
}
