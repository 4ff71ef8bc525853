namespace MultiVecRetrieval.Benchmarks.Generators;

/// <summary>Random numbers that depend on three numbers alone, the same on every machine: SplitMix64.</summary>
/// <remarks>Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal struct SeededStream
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>The stream of (<paramref name="seed"/>, <paramref name="kind"/>, <paramref name="index"/>).</summary>
    public SeededStream(int seed, StreamKind kind, int index) =>
        _state = Mix(Mix(((ulong)(uint)seed << 8) | (uint)kind) + (uint)index);

    /// <summary>Uniform in [0, <paramref name="count"/>).</summary>
    public int Next(int count) => (int)(((NextBits() >> 32) * (uint)count) >> 32);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int Next(int low, int high) => low + Next(high - low + 1);

    /// <summary>Uniform in [0, 1).</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Mean 0, variance 1: the sum of four uniforms, normal enough for rows and without a logarithm, whose last bit varies by
    /// library.</summary>
    public float NextNormal()
    {
        ulong bits = NextBits();
        int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);

        // A uniform on [0, 65536) has the variance 65536² / 12; four of them together a third of 65536².
        const float Scale = 1.7320508f / 65536;
        return (sum - (2 * 65535)) * Scale;
    }

    /// <summary>In [0, <paramref name="count"/>), low numbers more often: number n about as often as 1 / √n.</summary>
    public int NextPopular(int count)
    {
        float uniform = NextSingle();
        return (int)(uniform * uniform * count);
    }

    private ulong NextBits() => Mix(_state += Step);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
