using System.Globalization;
using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval;

/// <summary>True within a distance of a point on the Earth, along a great circle.</summary>
/// <param name="Latitude">Degrees, in [-90, 90].</param>
/// <param name="Longitude">Degrees, in [-180, 180].</param>
/// <param name="Kilometers">The distance; at least 0.</param>
/// <param name="Field">The metadata that holds places as <c>FIELD.lat</c> and <c>FIELD.lon</c>. Null, the default: <c>latitude</c> and
/// <c>longitude</c>, which pictures bring.</param>
public sealed record NearFilter(double Latitude, double Longitude, double Kilometers, string? Field = null) : Filter
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"near({FilterFields.PrintPlace(Field)}{Latitude:R}, {Longitude:R}, {Kilometers:R})");
}
