namespace MultiVecRetrieval.Encoding;

/// <summary>How an encoder runs; never changes which vectors come out beyond what the provider itself rounds differently.</summary>
public sealed record EncoderOptions
{
    /// <summary>Where inference runs. Default <see cref="ExecutionProvider.Cpu"/>.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Threads inside one inference; 1 is best when several images are encoded side by side. In [0, 256], 0 = all. Default
    /// 1.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>The GPU's number when <see cref="Provider"/> is <see cref="ExecutionProvider.Cuda"/>. In [0, 255]. Default 0.</summary>
    public int DeviceId { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Provider))
        {
            throw new ArgumentOutOfRangeException(nameof(Provider), Provider, "Provider is Cpu or Cuda.");
        }

        if (IntraOpThreads is < 0 or > 256)
        {
            throw new ArgumentOutOfRangeException(nameof(IntraOpThreads), IntraOpThreads,
                "IntraOpThreads is in [0, 256]; 0 takes all processors.");
        }

        if (DeviceId is < 0 or > 255)
        {
            throw new ArgumentOutOfRangeException(nameof(DeviceId), DeviceId, "DeviceId is in [0, 255].");
        }
    }
}
