using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>A trained tier: its codec, read from its file when it is first needed.</summary>
internal sealed class SharedTier : SharedFile
{
    private readonly Lazy<(EntryCodec? Codec, string? Problem)> _codec;

    public SharedTier(string path, TierRecord record, Space space)
        : base(path) => _codec = new Lazy<(EntryCodec?, string?)>(() => Read(path, record, space));

    /// <summary>The codec; null when its file cannot be read: the tier is then as good as absent.</summary>
    public EntryCodec? Codec => _codec.Value.Codec;

    /// <summary>Why there is no codec; null when there is one.</summary>
    public string? Problem => _codec.Value.Problem;

    public override bool IsOpen => true;

    public override void Close()
    {
    }

    private static (EntryCodec?, string?) Read(string path, TierRecord record, Space space)
    {
        try
        {
            CodecSpec spec = CodecSpec.Parse(record.Spec);
            return (Codecs.FindFamily(spec).Read(spec, space.Dimension, CodecFile.Read(path, record, space)), null);
        }
        catch (Exception exception) when (exception is CorruptSegmentException or UnsupportedFormatException)
        {
            return (null, exception.Message);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            // Parameters of a family that this build does not have, or that it cannot read.
            return (null, $"{path}: {exception.Message}");
        }
    }
}

/// <summary>A tier as one generation sees it.</summary>
/// <param name="Record">What the catalog says.</param>
/// <param name="Shared">Its codec; null before it is trained.</param>
internal sealed record LiveTier(TierRecord Record, SharedTier? Shared);
