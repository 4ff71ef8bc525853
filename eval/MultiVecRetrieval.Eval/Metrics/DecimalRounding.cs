using System.Globalization;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>Rounding as Python's <c>round</c> and <c>format</c> do it: of the exact value of the double, halves to even. Official results
/// are written so.</summary>
internal static class DecimalRounding
{
    /// <summary>The nearest number of this many decimals.</summary>
    /// <param name="value">Of a magnitude below 1,000.</param>
    /// <param name="digits">In [0, 15].</param>
    public static double Round(double value, int digits)
    {
        // 25 decimals tell any two doubles of this size from a half between them.
        decimal exact = decimal.Parse(value.ToString("F25", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return (double)Math.Round(exact, digits, MidpointRounding.ToEven);
    }
}
