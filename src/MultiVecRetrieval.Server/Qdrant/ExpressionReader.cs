using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Reads formulas of scores.</summary>
internal sealed class ExpressionReader(FilterReader filters, JsonElement defaults)
{
    private const int MaxDepth = 50;

    private static readonly string[] Lists = ["sum", "mult", "max", "min"];

    private static readonly string[] Singles = ["neg", "abs", "sqrt", "exp", "log10", "ln"];

    public ScoreExpression Read(JsonElement value, string path, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw RequestException.Invalid(path, $"The formula has more than {MaxDepth} levels.");
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => new ScoreExpression.Constant(QdrantJson.ToNumber(value, path)),
            JsonValueKind.String => ReadVariable(value.GetString()!),
            JsonValueKind.Object => ReadObject(value, path, depth + 1),
            _ => throw RequestException.Invalid(
                path, $"{path} is {QdrantJson.Show(value)}; it must be a number, a variable or an expression."),
        };
    }

    private ScoreExpression ReadVariable(string name)
    {
        if (name != "$score" && !name.StartsWith("$score[", StringComparison.Ordinal))
        {
            return new ScoreExpression.Field(name, DefaultOf(name));
        }

        int stage = name == "$score" ? 0
            : name.EndsWith(']')
                && int.TryParse(name.AsSpan(7, name.Length - 8), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? index
                : throw RequestException.Invalid("formula", $"'{name}' is no score; scores are $score and $score[0], $score[1], ...");
        return new ScoreExpression.Score(stage, DefaultOf(name) ?? 0);
    }

    private double? DefaultOf(string name) => defaults.Find(name) is { } value ? QdrantJson.ToNumber(value, $"defaults.{name}") : null;

    private ScoreExpression ReadObject(JsonElement value, string path, int depth)
    {
        JsonProperty[] members = [.. value.EnumerateObject()];
        if (members is [{ Name: var name, Value: var inner }])
        {
            string at = QdrantJson.Path(path, name);
            if (Lists.Contains(name))
            {
                return new ScoreExpression.Joined(name, [.. inner.List(at).Select(part => Read(part.Value, part.Path, depth))]);
            }

            if (Singles.Contains(name))
            {
                return new ScoreExpression.Joined(name, [Read(inner, at, depth)]);
            }

            switch (name)
            {
                case "pow":
                    return new ScoreExpression.Joined(name, [Read(inner.Get("base", at), $"{at}.base", depth),
                        Read(inner.Get("exponent", at), $"{at}.exponent", depth)]);
                case "div":
                    return new ScoreExpression.Quotient(Read(inner.Get("left", at), $"{at}.left", depth),
                        Read(inner.Get("right", at), $"{at}.right", depth), inner.FindNumber("by_zero_default", at));
                case "exp_decay" or "gauss_decay" or "lin_decay":
                    return ReadDecay(name.Split('_')[0], inner, at, depth);
                case "geo_distance":
                    JsonElement origin = inner.Get("origin", at);
                    return new ScoreExpression.Distance(QdrantJson.ToNumber(origin.Get("lat", at), $"{at}.origin.lat"),
                        QdrantJson.ToNumber(origin.Get("lon", at), $"{at}.origin.lon"), inner.GetText("to", at));
                case "datetime_key":
                    return new ScoreExpression.Moment(QdrantJson.ToText(inner, at));
                case "datetime":
                    return DateTimeOffset.TryParse(QdrantJson.ToText(inner, at), CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                        ? new ScoreExpression.Constant((time - DateTimeOffset.UnixEpoch).TotalSeconds)
                        : throw RequestException.Invalid(at, $"{at} is no date.");
            }
        }

        // Anything else is a condition: 1 where it is met.
        return new ScoreExpression.Condition(filters.ReadCondition(value, path));
    }

    private ScoreExpression.Decay ReadDecay(string shape, JsonElement inner, string at, int depth)
    {
        double scale = inner.FindNumber("scale", at) ?? 1;
        double midpoint = inner.FindNumber("midpoint", at) ?? 0.5;
        return scale > 0 && midpoint is > 0 and < 1
            ? new ScoreExpression.Decay(shape, Read(inner.Get("x", at), $"{at}.x", depth),
                inner.Find("target") is { } target ? Read(target, $"{at}.target", depth) : new ScoreExpression.Constant(0), scale, midpoint)
            : throw RequestException.Invalid(
                at, $"{at} has scale {scale} and midpoint {midpoint}; the scale is above 0, the midpoint in (0, 1).");
    }
}
