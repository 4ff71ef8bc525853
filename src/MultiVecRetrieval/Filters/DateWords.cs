using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Filters;

/// <summary>Dates relative to the time of the question: <c>now</c>, <c>today</c> (a day of UTC), and both with a number of hours, days,
/// weeks, months or years taken away or added, <c>now-12h</c>, <c>today-30d</c>.</summary>
internal static partial class DateWords
{
    // More years than the calendar has overflow nothing, but say nothing either.
    private const int MaxCount = 100_000;

    public static bool TryParse(string text, DateTimeOffset now, out DateInterval interval)
    {
        interval = default;
        Match match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        bool isDay = match.Groups["base"].Value == "today";
        DateTime start = isDay ? now.UtcDateTime.Date : now.UtcDateTime;
        if (match.Groups["count"].Success)
        {
            if (!int.TryParse(match.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                || count > MaxCount)
            {
                return false;
            }

            count = match.Groups["sign"].Value == "-" ? -count : count;
            try
            {
                start = match.Groups["unit"].Value switch
                {
                    "h" => start.AddHours(count),
                    "d" => start.AddDays(count),
                    "w" => start.AddDays(7.0 * count),
                    "m" => start.AddMonths(count),
                    _ => start.AddYears(count),
                };
            }
            catch (ArgumentOutOfRangeException)
            {
                return false;
            }
        }

        bool isWholeDay = isDay && match.Groups["unit"].Value != "h";
        interval = new DateInterval(start.Ticks, isWholeDay && start < DateTime.MaxValue.Date ? start.AddDays(1).Ticks : start.Ticks + 1);
        return true;
    }

    public static bool IsMatch(string text) => Pattern().IsMatch(text);

    [GeneratedRegex("^(?<base>now|today)((?<sign>[-+])(?<count>[0-9]{1,6})(?<unit>[hdwmy]))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
