using System.Globalization;
using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>True between two circles of latitude and two meridians.</summary>
/// <param name="South">Degrees of latitude, in [-90, 90]; at most <paramref name="North"/>.</param>
/// <param name="West">Degrees of longitude, in [-180, 180]; above <paramref name="East"/> the box crosses the date line.</param>
/// <param name="North">Degrees of latitude, in [-90, 90].</param>
/// <param name="East">Degrees of longitude, in [-180, 180].</param>
/// <param name="Field">The metadata that holds places, as in <see cref="NearFilter"/>.</param>
public sealed record WithinFilter(double South, double West, double North, double East, string? Field = null) : Filter
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"within({FilterFields.PrintPlace(Field)}{South:R}, {West:R}, {North:R}, {East:R})");
}
