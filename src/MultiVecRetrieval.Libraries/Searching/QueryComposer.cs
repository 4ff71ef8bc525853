using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>
/// Makes a request of encoded parts. In a space that gives every part one vector they become one vector, which then answers all of them; in
/// one of many rows the rows stand below each other; what answers only some of the parts stays with those.
/// </summary>
/// <param name="query">The question.</param>
/// <param name="parts">Its parts.</param>
/// <param name="encodeLine">The vector of a text in a space; null where there is none.</param>
internal sealed class QueryComposer(LibraryQuery query, IReadOnlyList<EncodedPart> parts, Func<Space, string, float[]?> encodeLine)
{
    /// <summary>What a picture is taken to show of which nobody says more.</summary>
    private const string AnyPicture = "a photo";

    private const double ContextShare = 0.5;

    private readonly QueryCombination _combine = Choose(query.Combine, parts);
    private readonly Dictionary<EncodedPart, List<VectorQuery>> _queries = parts.ToDictionary(part => part, _ => new List<VectorQuery>());

    /// <summary>What could not be done, for people.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>The place of each part of the request among the parts of the question.</summary>
    public IReadOnlyList<int> Places { get; private set; } = [];

    /// <summary>Parts of the request that follow each other in a sequence: those that say what is looked for.</summary>
    public IReadOnlyList<int> Events { get; private set; } = [];

    /// <summary>How the parts meet, for people; null where one is left.</summary>
    public string? Formula { get; private set; }

    /// <summary>The request; null when no part that is looked for has anything to compare.</summary>
    public SearchRequest? Compose(SearchRequest options)
    {
        foreach (string space in parts.SelectMany(part => part.Rows.Keys).Distinct())
        {
            try
            {
                ComposeSpace([.. parts.Where(part => part.Rows.ContainsKey(space))], space);
            }
            catch (ArgumentException wrong)
            {
                throw new InvalidQueryException($"The parts make no question in space '{space}': {wrong.Message}");
            }
        }

        (SearchPart Part, int Place)[] made = [.. parts.Select((part, place) => (Make(part), place))
            .Where(made => made.Item1 is
                { Vectors.Count: > 0 } or { Text: not null } or { Fingerprint: not null } or { ContentHash: not null })];
        Places = [.. made.Select(part => part.Place)];
        Events = [.. Enumerable.Range(0, made.Length).Where(i => parts[made[i].Place].Part is { Role: QueryRole.Subject, IsWanted: true })];
        PartJoin join = _combine == QueryCombination.Any ? PartJoin.Any : PartJoin.All;
        Formula = made.Length < 2 ? null : Describe(made);
        return made.Any(part => !part.Part.IsExcluded)
            ? options with
            {
                Parts = [.. made.Select(part => part.Part)],
                Join = join,
                ExcludeEntries = [.. parts.Select(part => part.Part.Entry).OfType<string>().Distinct(StringComparer.Ordinal)],
            }
            : null;
    }

    private static QueryCombination Choose(QueryCombination asked, IReadOnlyList<EncodedPart> parts) =>
        asked != QueryCombination.Auto ? asked
        : parts.Any(IsSubject) && parts.Any(IsModifier) && parts.Any(part => part.Part.Role == QueryRole.Context)
            ? QueryCombination.Direction
        : QueryCombination.Sum;

    // What a modifier changes: a picture, an entry or rows; words change other words by being read together.
    private static bool IsSubject(EncodedPart part) => part.Part is { Role: QueryRole.Subject, Weight: > 0, Text: null };

    private static bool IsContext(EncodedPart part) => part.Part is { Role: QueryRole.Context, Weight: > 0, Text: not null };

    private static bool IsModifier(EncodedPart part) => part.Part is { Role: QueryRole.Modifier, Weight: > 0, Text: not null };

    private SearchPart Make(EncodedPart part) => new()
    {
        Vectors = _queries[part],
        Text = part.Text,
        Fingerprint = part.Part.IsWanted ? part.Fingerprint : null,
        ContentHash = part.Part.IsWanted ? part.ContentHash : null,
        Weight = Math.Abs(part.Part.Weight) * (part.Part.Role == QueryRole.Context ? ContextShare : 1),
        IsExcluded = !part.Part.IsWanted,
    };

    private void ComposeSpace(EncodedPart[] here, string space)
    {
        EncodedPart[] wanted = [.. here.Where(part => part.Part.IsWanted)];
        EncodedPart[] excluded = [.. here.Where(part => part.Part.Role == QueryRole.Exclude)];
        EncodedPart[] negative = [.. here.Where(part => part.Part.Role != QueryRole.Exclude && part.Part.Weight < 0)];
        // Where a row is a visible word, a sum of two is no word.
        bool readsWords = here.Any(part => part.Rows[space].Kind == EvidenceKind.Words);
        bool standsAlone = _combine is QueryCombination.All or QueryCombination.Any or QueryCombination.Sequence
            || wanted.Length == 0 || readsWords;
        bool isOneVector = !readsWords && here.All(part => part.Rows[space].Rows.RowCount == 1 || IsPooled(part, here, space));
        foreach (EncodedPart part in excluded)
        {
            _queries[part].Add(OfRows(part.Rows[space]));
        }

        if (!isOneVector || standsAlone)
        {
            foreach (EncodedPart part in negative)
            {
                _queries[part].Add(OfRows(part.Rows[space]));
            }
        }

        if (standsAlone)
        {
            foreach (EncodedPart part in wanted)
            {
                _queries[part].Add(isOneVector && excluded.Length > 0
                    ? ComposeVector([part], [], excluded, space)
                    : OfRows(part.Rows[space]));
            }

            return;
        }

        VectorQuery composed = wanted.Length + negative.Length + excluded.Length == 1 ? OfRows(wanted[0].Rows[space])
            : isOneVector ? ComposeVector(wanted, negative, excluded, space)
            : Stack(wanted, space);
        foreach (EncodedPart part in wanted)
        {
            _queries[part].Add(composed);
        }
    }

    // The many rows of a picture become one beside a text that has one, where both are compared by meaning.
    private static bool IsPooled(EncodedPart part, EncodedPart[] here, string space) => part.Rows[space].Words is null
        && here.Any(other => other.Rows[space] is { Words.IsSemantic: true, Rows.RowCount: 1 });

    private static VectorQuery OfRows(PartRows rows) => new()
    {
        Space = rows.Space.Name,
        SpaceId = rows.Space.Id,
        Rows = rows.Rows,
        Labels = rows.Labels,
        Kind = rows.Kind,
        Presence = rows.Words?.PresenceSimilarity,
        PresenceWidth = rows.Words?.PresenceWidth ?? ModelContract.DefaultPresenceWidth,
    };

    private VectorQuery ComposeVector(EncodedPart[] wanted, EncodedPart[] negative, EncodedPart[] excluded, string space)
    {
        (float[] vector, string formula) = Combine(wanted, negative, space);
        if (excluded.Length > 0)
        {
            string without = string.Join(" and ", excluded.Select(part => part.Label));
            double weight = Math.Min(1, excluded.Max(part => part.Part.Weight));
            try
            {
                vector = VectorComposition.ProjectOut(vector, [.. excluded.Select(part => part.Rows[space].Vector)], weight);
                formula = $"{formula} without the direction of {without}{(weight < 1 ? $", {Number(weight)} of it" : "")}";
            }
            catch (ArgumentException)
            {
                // What meets the excluded part still loses its place.
                Notices.Add($"In space '{space}' {formula} is what is excluded ({without}); nothing would be left of it.");
            }
        }

        PartRows first = wanted[0].Rows[space];
        ModelContract? words = wanted.All(part => part.Rows[space].Words is not null) ? first.Words : null;
        int dimension = first.Space.Dimension;
        return new VectorQuery
        {
            Space = space,
            SpaceId = first.Space.Id,
            Rows = new MultiVector(dimension, vector),
            ExplainedBy = new MultiVector(dimension, [.. wanted.SelectMany(part => part.Rows[space].Vector)]),
            Labels = [.. wanted.Select(part => part.Rows[space] is { Rows.RowCount: 1 } rows ? rows.Labels[0] : part.Label)],
            Kind = words is null ? EvidenceKind.Likeness : first.Kind,
            Presence = words?.PresenceSimilarity,
            PresenceWidth = words?.PresenceWidth ?? ModelContract.DefaultPresenceWidth,
            Formula = formula,
        };
    }

    private (float[] Vector, string Formula) Combine(EncodedPart[] wanted, EncodedPart[] negative, string space)
    {
        if (_combine == QueryCombination.Direction && Direct(wanted, space) is { } directed)
        {
            EncodedPart[] others = [.. wanted.Where(part => !IsSubject(part) && !IsModifier(part) && !IsContext(part)), .. negative];
            return others.Length == 0
                ? directed
                : (VectorComposition.Sum(
                        [directed.Vector, .. others.Select(part => part.Rows[space].Vector)],
                        [1, .. others.Select(part => part.Part.Weight)]),
                    $"norm(q{string.Concat(others.Select(part => Term(part, isFirst: false)))}), q = {directed.Formula}");
        }

        if (_combine == QueryCombination.Slerp)
        {
            if (wanted.Length == 2 && negative.Length == 0)
            {
                double share = wanted[1].Part.Weight / (wanted[0].Part.Weight + wanted[1].Part.Weight);
                return (VectorComposition.Slerp(wanted[0].Rows[space].Vector, wanted[1].Rows[space].Vector, share),
                    $"slerp({wanted[0].Label}, {wanted[1].Label}, {Number(share)})");
            }

            Notices.Add($"Space '{space}' summed the parts: slerp takes exactly two, none of them negative; here are "
                + $"{wanted.Length + negative.Length}.");
        }

        EncodedPart[] all = [.. wanted, .. negative];
        string sum = string.Concat(all.Select((part, i) => Term(part, i == 0)));
        return (VectorComposition.Sum([.. all.Select(part => part.Rows[space].Vector)], [.. all.Select(part => part.Part.Weight)]),
            all.Length == 1 ? all[0].Label : $"norm({sum})");
    }

    // A modifier moves the subject by what it changes of the subject's description. Null where something of that is missing.
    private (float[] Vector, string Formula)? Direct(EncodedPart[] wanted, string space)
    {
        EncodedPart[] subjects = [.. wanted.Where(IsSubject)];
        string change = string.Join(", ", parts.Where(IsModifier).Select(part => part.Part.Text));
        string context = parts.Any(IsContext)
            ? string.Join(", ", parts.Where(IsContext).Select(part => part.Part.Text))
            : AnyPicture;
        if (subjects.Length == 0 || change.Length == 0
            || encodeLine(subjects[0].Rows[space].Space, context) is not { } described
            || encodeLine(subjects[0].Rows[space].Space, $"{context}, {change}") is not { } modified)
        {
            string missing = subjects.Length == 0 ? "it compares no picture or entry of the question" : "it has no modifier in words";
            Notices.Add($"Space '{space}' summed the parts in place of a direction: {missing}.");
            return null;
        }

        float[] subject = VectorComposition.Sum(
            [.. subjects.Select(part => part.Rows[space].Vector)], [.. subjects.Select(part => part.Part.Weight)]);
        (double a, double b) = (query.DirectionScale * parts.Where(IsModifier).Average(part => part.Part.Weight), query.TextShare);
        return (VectorComposition.Direct(subject, described, modified, a, b),
            $"norm({Number(1 - b)} norm(v + {Number(a)} d) + {Number(b)} norm(t + {Number(a)} d)), v = "
            + $"{string.Join(" + ", subjects.Select(part => part.Label))}, t = \"{context}\", d = \"{context}, {change}\" - t");
    }

    // Score = the sum over parts of weight times the mean best similarity of the part's rows.
    private static VectorQuery Stack(EncodedPart[] wanted, string space)
    {
        PartRows[] rows = [.. wanted.Select(part => part.Rows[space])];
        ModelContract? words = rows.All(part => part.Words is not null) ? rows[0].Words : null;
        return new VectorQuery
        {
            Space = space,
            SpaceId = rows[0].Space.Id,
            Rows = new MultiVector(rows[0].Space.Dimension, [.. rows.SelectMany(part => part.Rows.Values.ToArray())]),
            RowWeights = wanted.Length == 1
                ? []
                : [.. wanted.SelectMany(part => Enumerable.Repeat(
                    (float)(part.Part.Weight / part.Rows[space].Rows.RowCount), part.Rows[space].Rows.RowCount))],
            Labels = [.. rows.SelectMany(part => part.Labels)],
            Kind = words is null ? EvidenceKind.Likeness : rows[0].Kind,
            Presence = words?.PresenceSimilarity,
            PresenceWidth = words?.PresenceWidth ?? ModelContract.DefaultPresenceWidth,
            Formula = wanted.Length == 1
                ? null
                : string.Concat(wanted.Select((part, i) => Term(part, i == 0, $"mean MaxSim({part.Label})"))),
        };
    }

    private string Describe((SearchPart Part, int Place)[] made)
    {
        string link = _combine switch
        {
            QueryCombination.Any => " or ",
            QueryCombination.Sequence => ", then ",
            _ => " and ",
        };
        return $"{string.Join(link, made.Where(part => !part.Part.IsExcluded).Select(Name))}"
            + string.Concat(made.Where(part => part.Part.IsExcluded).Select(part => $" and not {Name(part)}"));

        string Name((SearchPart Part, int Place) part) =>
            $"part {part.Place + 1}" + (part.Part.Weight == 1 ? "" : $" × {Number(part.Part.Weight)}");
    }

    private static string Term(EncodedPart part, bool isFirst, string? label = null)
    {
        double size = Math.Abs(part.Part.Weight);
        string sign = part.Part.Weight < 0 ? isFirst ? "-" : " - " : isFirst ? "" : " + ";
        return $"{sign}{(size == 1 ? "" : Number(size) + " ")}{label ?? part.Label}";
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
