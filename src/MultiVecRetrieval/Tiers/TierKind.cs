using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval;

/// <summary>A kind of tier, for help and error messages.</summary>
/// <param name="Name">How its spec begins, in lower case.</param>
/// <param name="Usage">How it is written, with its arguments.</param>
/// <param name="Summary">What it is, one line.</param>
public sealed record TierKind(string Name, string Usage, string Summary)
{
    /// <summary>Every kind there is: all codecs, and all indexes.</summary>
    public static IReadOnlyList<TierKind> All { get; } =
    [
        .. Codecs.Families.Select(family => new TierKind(family.Name, family.Usage, family.Summary)),
        .. IndexTier.Kinds,
    ];

    /// <summary>Throws unless a space can have the tier, given rows enough.</summary>
    /// <param name="spec">As people write it, for instance <c>bits:2</c> or <c>ward:4/int8</c>.</param>
    /// <param name="dimension">d of the rows of the space.</param>
    /// <exception cref="SpecException">There is no such tier, or an argument is missing, unknown or out of its range.</exception>
    public static void Check(string spec, int dimension)
    {
        ArgumentNullException.ThrowIfNull(spec);
        try
        {
            if (IndexTier.Accepts(spec))
            {
                IndexTier.Parse(spec);
                return;
            }

            CodecSpec parsed = spec.Length > 0 ? CodecSpec.Parse(spec) : new CodecSpec("", "");
            CodecFamily family = spec.Contains('/', StringComparison.Ordinal) || All.Any(kind => kind.Name == parsed.Family)
                ? Codecs.FindFamily(parsed)
                : throw new SpecException("tier", spec, KnownNames.Refuse(parsed.Family, All.Select(kind => (kind.Name, (string?)kind.Usage))));
            family.Check(parsed, dimension);
        }
        catch (SpecException wrong) when (wrong.Kind != "tier")
        {
            throw new SpecException("tier", spec, wrong.Reason, wrong);
        }
    }

    /// <summary>False for a tier of a collection whose kind was left out since.</summary>
    internal static bool IsKnown(string spec, int dimension)
    {
        try
        {
            Check(spec, dimension);
            return true;
        }
        catch (SpecException)
        {
            return false;
        }
    }
}
