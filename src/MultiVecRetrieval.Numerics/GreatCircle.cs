namespace MultiVecRetrieval.Numerics;

/// <summary>Distances on the Earth, as a sphere of its mean radius; within half a percent of those on the ellipsoid.</summary>
public static class GreatCircle
{
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>The way between two places along a great circle (haversine), in kilometers; all arguments in degrees.</summary>
    public static double GetKilometers(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        double sinLatitude = Math.Sin(double.DegreesToRadians(otherLatitude - latitude) / 2);
        double sinLongitude = Math.Sin(double.DegreesToRadians(otherLongitude - longitude) / 2);
        double chord = (sinLatitude * sinLatitude) + (Math.Cos(double.DegreesToRadians(latitude))
            * Math.Cos(double.DegreesToRadians(otherLatitude)) * sinLongitude * sinLongitude);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }
}
