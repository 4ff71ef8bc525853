using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Bits;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Numerics.Quantization.Products;
using MultiVecRetrieval.Numerics.Quantization.Scalars;
using MultiVecRetrieval.Numerics.Quantization.SingleVectors;

namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>All codecs, by the name of their family.</summary>
public static class Codecs
{
    /// <summary>Every family.</summary>
    public static IReadOnlyList<CodecFamily> Families { get; } =
    [
        new ScalarCodecFamily(RowFormat.Float32),
        new ScalarCodecFamily(RowFormat.Float16),
        new ScalarCodecFamily(RowFormat.Int8),
        new BebrCodecFamily(),
        new ReducedCodecFamily(),
        new ProductCodecFamily(),
        new BitsFamily(),
        new CodesFamily(),
        new CodeSetFamily(),
        new LemurCodecFamily(),
    ];

    /// <summary>The family of a spec.</summary>
    /// <exception cref="SpecException">There is none of that name; the message lists those there are.</exception>
    public static CodecFamily FindFamily(CodecSpec spec) =>
        Families.FirstOrDefault(family => ReducedCodecFamily.Accepts(spec) ? family is ReducedCodecFamily : family.Name == spec.Family)
        ?? throw new SpecException("codec", spec.ToString(),
            KnownNames.Refuse(spec.Family, Families.Select(family => (family.Name, (string?)family.Usage))));
}
