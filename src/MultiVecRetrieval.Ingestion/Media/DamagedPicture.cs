namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Mends what is damaged around the pixels of a picture, so that a strict decoder finds out whether they are all there.</summary>
internal static class DamagedPicture
{
    /// <summary>The picture without the damage, or null where nothing can be mended.</summary>
    public static MendedPicture? TryMend(MediaFormat format, byte[] picture, MediaLimits limits) => format switch
    {
        MediaFormat.Jpeg => AddEnd(picture),
        MediaFormat.Png => DamagedPng.TryMend(picture, limits),
        _ => null,
    };

    private static MendedPicture? AddEnd(byte[] jpeg) => jpeg.AsSpan().EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9])
        ? null
        : new MendedPicture([.. jpeg, 0xFF, 0xD9], "the marker of its end is missing");
}
