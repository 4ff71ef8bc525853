namespace MultiVecRetrieval;

/// <summary>When watched folders are looked at.</summary>
public sealed record WatchOptions
{
    /// <summary>How long nothing may have changed before a run begins, so that a burst of changes is one run. In [0, 1 h]. Default
    /// 2 s.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long changes that do not end may put off a run. In [0, 1 h]. Default 30 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often everything is looked at although nothing was heard: network drives tell nothing, and the system may lose what it
    /// tells. In [1 s, 1 d]. Default 5 min.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        Check(nameof(QuietPeriod), QuietPeriod, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check(nameof(LongestDelay), LongestDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check(nameof(SweepInterval), SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    private static void Check(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it is in [{least}, {most}].");
        }
    }
}
