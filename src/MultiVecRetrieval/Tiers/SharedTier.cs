using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A trained tier: its codec or index, read from its file when they are first needed.</summary>
internal sealed class SharedTier : SharedFile
{
    private readonly Lazy<(EntryCodec? Codec, IndexTier? Index, string? Problem)> _method;

    public SharedTier(string path, TierRecord record, Space space)
        : base(path) => _method = new Lazy<(EntryCodec?, IndexTier?, string?)>(() => Read(path, record, space));

    /// <summary>The codec; null when the tier is an index, or its file cannot be read.</summary>
    public EntryCodec? Codec => _method.Value.Codec;

    /// <summary>How its indexes are built and opened; null when the tier is a codec, or its file cannot be read.</summary>
    public IndexTier? Index => _method.Value.Index;

    /// <summary>False when its file cannot be read: the tier is then as good as absent.</summary>
    public bool IsUsable => Problem is null;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? Problem => _method.Value.Problem;

    public override bool IsOpen => true;

    public override void Close()
    {
    }

    private static (EntryCodec?, IndexTier?, string?) Read(string path, TierRecord record, Space space)
    {
        try
        {
            byte[] parameters = CodecFile.Read(path, record, space);
            if (IndexTier.Accepts(record.Spec))
            {
                return (null, IndexTier.Read(record.Spec, space.Dimension, parameters), null);
            }

            CodecSpec spec = CodecSpec.Parse(record.Spec);
            return (Codecs.FindFamily(spec).Read(spec, space.Dimension, parameters), null, null);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException)
        {
            return (null, null, exception.Message);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            // Parameters of a family that this build does not have, or that it cannot read.
            return (null, null, $"{path}: {exception.Message}");
        }
    }
}

/// <summary>A tier as one generation sees it.</summary>
/// <param name="Record">What the catalog says.</param>
/// <param name="Shared">Its codec; null before it is trained.</param>
internal sealed record LiveTier(TierRecord Record, SharedTier? Shared)
{
    private readonly Lazy<TierCalibration?> _calibration = new(() => TierCalibration.Parse(Record.Calibration));

    /// <summary>What was measured of it; null before that.</summary>
    public TierCalibration? Calibration => _calibration.Value;
}
