using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Generations;

/// <summary>A trained tier: its method, read from its file when it is first needed.</summary>
internal sealed class SharedTier : SharedFile
{
    private readonly Lazy<(TierMethod? Method, string? Problem)> _read;

    public SharedTier(string path, TierRecord record, Space space)
        : base(path) => _read = new Lazy<(TierMethod?, string?)>(() => Read(path, record, space));

    /// <summary>How it works.</summary>
    /// <exception cref="InvalidOperationException">Its file cannot be read.</exception>
    public TierMethod Method => _read.Value.Method ?? throw new InvalidOperationException(Problem);

    /// <summary>False when its file cannot be read: the tier is then as good as absent.</summary>
    public bool IsUsable => Problem is null;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? Problem => _read.Value.Problem;

    public override bool IsOpen => true;

    public override void Close()
    {
    }

    private static (TierMethod?, string?) Read(string path, TierRecord record, Space space)
    {
        try
        {
            return (TierMethod.Read(record.Spec, space.Dimension, CodecFile.Read(path, record, space)), null);
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
