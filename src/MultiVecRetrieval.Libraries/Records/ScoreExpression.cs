using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A number computed from the scores of stages before and from a payload.</summary>
public abstract record ScoreExpression
{
    private ScoreExpression()
    {
    }

    /// <summary>A number.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Constant(double Value) : ScoreExpression;

    /// <summary>The score that a stage before gave; its default where it did not find the record.</summary>
    /// <param name="Stage">Which, from 0.</param>
    /// <param name="Default">The default; 0 where nobody says.</param>
    public sealed record Score(int Stage, double Default) : ScoreExpression;

    /// <summary>A number of the payload.</summary>
    /// <param name="Path">Members with dots between them.</param>
    /// <param name="Default">Used where there is no number; null: that is an error.</param>
    public sealed record Field(string Path, double? Default) : ScoreExpression;

    /// <summary>1 for records that meet a filter, 0 for others.</summary>
    /// <param name="Filter">The filter.</param>
    public sealed record Condition(Filter Filter) : ScoreExpression;

    /// <summary>Several joined by a function.</summary>
    /// <param name="Name">sum, mult, max, min, or of one part neg, abs, sqrt, exp, log10, ln; of two div and pow.</param>
    /// <param name="Parts">The parts.</param>
    public sealed record Joined(string Name, IReadOnlyList<ScoreExpression> Parts) : ScoreExpression;

    /// <summary>A quotient with a value for a divisor of 0.</summary>
    /// <param name="Left">What is divided.</param>
    /// <param name="Right">The divisor.</param>
    /// <param name="ByZero">The value where the divisor is 0; null: that is an error.</param>
    public sealed record Quotient(ScoreExpression Left, ScoreExpression Right, double? ByZero) : ScoreExpression;

    /// <summary>A number that is 1 at a target and falls with the distance from it.</summary>
    /// <param name="Shape">exp, gauss or lin.</param>
    /// <param name="X">Where.</param>
    /// <param name="Target">The target.</param>
    /// <param name="Scale">The distance at which it is <paramref name="Midpoint"/>; above 0.</param>
    /// <param name="Midpoint">In (0, 1).</param>
    public sealed record Decay(string Shape, ScoreExpression X, ScoreExpression Target, double Scale, double Midpoint) : ScoreExpression;

    /// <summary>Meters between a place and one of the payload.</summary>
    /// <param name="Latitude">Degrees.</param>
    /// <param name="Longitude">Degrees.</param>
    /// <param name="Path">A member with <c>lat</c> and <c>lon</c>.</param>
    public sealed record Distance(double Latitude, double Longitude, string Path) : ScoreExpression;

    /// <summary>Seconds since 1970 of a date of the payload.</summary>
    /// <param name="Path">A text in ISO 8601.</param>
    public sealed record Moment(string Path) : ScoreExpression;

    /// <summary>Every condition in it.</summary>
    internal IEnumerable<Condition> Conditions => this switch
    {
        Condition own => [own],
        Joined joined => joined.Parts.SelectMany(part => part.Conditions),
        Quotient quotient => quotient.Left.Conditions.Concat(quotient.Right.Conditions),
        Decay decay => decay.X.Conditions.Concat(decay.Target.Conditions),
        _ => [],
    };

    /// <summary>The value for one record.</summary>
    /// <param name="scores">The score that each stage gave; null where it did not find it.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="meets">Whether the record meets a condition.</param>
    /// <exception cref="InvalidQueryException">A value is missing, or the result is no number.</exception>
    internal double Evaluate(IReadOnlyList<double?> scores, JsonElement payload, Func<Condition, bool> meets)
    {
        double value = this switch
        {
            Constant constant => constant.Value,
            Score score => score.Stage < scores.Count ? scores[score.Stage] ?? score.Default : score.Default,
            Field field => Find(payload, field.Path) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble()
                : field.Default ?? throw Missing(field.Path, "number"),
            Condition condition => meets(condition) ? 1 : 0,
            Quotient quotient => Divide(Of(quotient.Left), Of(quotient.Right), quotient.ByZero),
            Decay decay => Fall(decay, Math.Abs(Of(decay.X) - Of(decay.Target)) / decay.Scale),
            Distance distance => Measure(distance, payload),
            Moment date => ToSeconds(date, payload),
            Joined joined => Apply(joined.Name, [.. joined.Parts.Select(Of)]),
            _ => throw new NotSupportedException(),
        };
        return double.IsFinite(value) ? value : throw new InvalidQueryException($"The formula gives {value} for a record.", "formula");

        double Of(ScoreExpression part) => part.Evaluate(scores, payload, meets);
    }

    private static double Apply(string name, double[] parts) => (name, parts) switch
    {
        ("sum", _) => parts.Sum(),
        ("mult", _) => parts.Aggregate(1.0, (product, part) => product * part),
        ("max", { Length: > 0 }) => parts.Max(),
        ("min", { Length: > 0 }) => parts.Min(),
        ("neg", [double x]) => -x,
        ("abs", [double x]) => Math.Abs(x),
        ("sqrt", [double x]) => Math.Sqrt(x),
        ("exp", [double x]) => Math.Exp(x),
        ("log10", [double x]) => Math.Log10(x),
        ("ln", [double x]) => Math.Log(x),
        ("pow", [double x, double y]) => Math.Pow(x, y),
        _ => throw new InvalidQueryException($"A formula has no function '{name}' of {parts.Length} parts.", "formula"),
    };

    private static double Divide(double left, double right, double? byZero) => right != 0
        ? left / right
        : byZero ?? throw new InvalidQueryException("The formula divides by 0; by_zero_default says what that gives.", "formula");

    // Each is the midpoint where the distance is the scale.
    private static double Fall(Decay decay, double distance) => decay.Shape switch
    {
        "exp" => Math.Pow(decay.Midpoint, distance),
        "gauss" => Math.Pow(decay.Midpoint, distance * distance),
        _ => Math.Max(0, 1 - ((1 - decay.Midpoint) * distance)),
    };

    private static double Measure(Distance distance, JsonElement payload) =>
        Find(payload, $"{distance.Path}.lat") is { ValueKind: JsonValueKind.Number } latitude
        && Find(payload, $"{distance.Path}.lon") is { ValueKind: JsonValueKind.Number } longitude
            ? 1000 * GreatCircle.GetKilometers(distance.Latitude, distance.Longitude, latitude.GetDouble(), longitude.GetDouble())
            : throw Missing(distance.Path, "place");

    private static double ToSeconds(Moment date, JsonElement payload) =>
        Find(payload, date.Path) is { ValueKind: JsonValueKind.String } text
        && DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? (time - DateTimeOffset.UnixEpoch).TotalSeconds
            : throw Missing(date.Path, "date");

    private static JsonElement? Find(JsonElement payload, string path)
    {
        JsonElement found = payload;
        foreach (string name in path.Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }

    private static InvalidQueryException Missing(string path, string kind) =>
        new($"A record has no {kind} at '{path}', which the formula needs; give it a default.", "formula");
}
