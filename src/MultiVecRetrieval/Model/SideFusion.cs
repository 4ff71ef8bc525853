using System.Globalization;

namespace MultiVecRetrieval;

/// <summary>How the sides of a search are joined, and how much each counts.</summary>
public sealed record SideFusion
{
    /// <summary>Largest weight.</summary>
    public const double MaxWeight = 1_000;

    private const string VectorPrefix = "vectors:";

    /// <summary>By evidence.</summary>
    public static SideFusion Default { get; } = new();

    /// <summary>How they are joined. Default <see cref="FusionMethod.Evidence"/>.</summary>
    public FusionMethod Method { get; init; }

    /// <summary>
    /// How much a side counts, by its name as in <see cref="HitSource.Name"/> or that of its space; in [0, 1000], 1 where nothing is said.
    /// Evidence has no weights.
    /// </summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>k of <see cref="FusionMethod.ReciprocalRank"/>, in [0, 10000]: the larger, the less the first ranks stand out. Default
    /// 60.</summary>
    public double RankConstant { get; init; } = 60;

    /// <summary>Reads what addresses and command lines say.</summary>
    /// <param name="method">evidence, rrf or dbsf; null for evidence, or rrf where there are weights.</param>
    /// <param name="weights">Weights by side, for instance <c>text=2, minilm=0.5</c>; null for none.</param>
    /// <exception cref="SearchOptionException">That is no method, or no list of weights.</exception>
    public static SideFusion From(string? method, string? weights)
    {
        Dictionary<string, double> given = [];
        foreach (string part in (weights ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (pair is not [{ Length: > 0 } name, var value]
                || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !given.TryAdd(name, weight))
            {
                throw new SearchOptionException("weights", $"'{part}' is no weight; give each side once, as in text=2, minilm=0.5.");
            }
        }

        return new SideFusion
        {
            Method = method?.ToLowerInvariant() switch
            {
                null => given.Count > 0 ? FusionMethod.ReciprocalRank : FusionMethod.Evidence,
                "evidence" => FusionMethod.Evidence,
                "rrf" => FusionMethod.ReciprocalRank,
                "dbsf" => FusionMethod.Distribution,
                _ => throw new SearchOptionException("fusion", $"'{method}' joins no sides; known are evidence, rrf and dbsf."),
            },
            Weights = given,
        };
    }

    internal double WeightOf(string side) => Weights.TryGetValue(side, out double weight)
        || (side.StartsWith(VectorPrefix, StringComparison.Ordinal) && Weights.TryGetValue(side[VectorPrefix.Length..], out weight))
            ? weight
            : 1;

    /// <param name="spaces">Names of the collection's spaces.</param>
    /// <exception cref="SearchOptionException">A value is out of its range, or there is no such side.</exception>
    internal void Check(IEnumerable<string> spaces)
    {
        if (!(RankConstant is >= 0 and <= 10_000))
        {
            throw new SearchOptionException("fusion", $"The rank constant is {RankConstant}; it is in [0, 10000].");
        }

        if (Method == FusionMethod.Evidence && Weights.Count > 0)
        {
            throw new SearchOptionException(
                "weights", "Weights of sides go with rrf and dbsf; evidence is weighed by what each side knows.");
        }

        string[] known = ["text", "duplicate", .. spaces];
        foreach ((string name, double weight) in Weights)
        {
            if (!(weight is >= 0 and <= MaxWeight))
            {
                throw new SearchOptionException("weights", $"The weight of {name} is {weight}; it is in [0, {MaxWeight}].");
            }

            string side = name.StartsWith(VectorPrefix, StringComparison.Ordinal) ? name[VectorPrefix.Length..] : name;
            if (!known.Contains(side))
            {
                throw new SearchOptionException("weights", $"There is no side '{name}'; known are {string.Join(", ", known)}.");
            }
        }

        if (Weights.Count > 0 && known.All(name => WeightOf(name) == 0))
        {
            throw new SearchOptionException("weights", "Every side has the weight 0.");
        }
    }
}
