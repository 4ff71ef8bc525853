using System.Globalization;

namespace MultiVecRetrieval.Filters;

/// <summary>The ticks [Start, End) of UTC that an ISO 8601 date stands for: a whole year, month, day, minute, second, or one
/// tick.</summary>
internal readonly record struct DateInterval(long Start, long End)
{
    private static readonly (string Format, Func<DateTime, DateTime> Next)[] Forms =
    [
        ("yyyy", time => time.AddYears(1)),
        ("yyyy-MM", time => time.AddMonths(1)),
        ("yyyy-MM-dd", time => time.AddDays(1)),
        ("yyyy-MM-dd'T'HH:mm", time => time.AddMinutes(1)),
        ("yyyy-MM-dd'T'HH:mm'Z'", time => time.AddMinutes(1)),
        ("yyyy-MM-dd'T'HH:mmzzz", time => time.AddMinutes(1)),
        ("yyyy-MM-dd'T'HH:mm:ss", time => time.AddSeconds(1)),
        ("yyyy-MM-dd'T'HH:mm:ss'Z'", time => time.AddSeconds(1)),
        ("yyyy-MM-dd'T'HH:mm:sszzz", time => time.AddSeconds(1)),
        ("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", time => time.AddTicks(1)),
        ("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", time => time.AddTicks(1)),
    ];

    public static bool TryParse(string text, out DateInterval interval)
    {
        foreach ((string format, Func<DateTime, DateTime> next) in Forms)
        {
            const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (!DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, Styles, out DateTime start))
            {
                continue;
            }

            // The last year of the calendar has no end that could be stated.
            long end = start.Year == 9999 ? long.MaxValue : next(start).Ticks;
            interval = new DateInterval(start.Ticks, end);
            return true;
        }

        interval = default;
        return false;
    }
}
