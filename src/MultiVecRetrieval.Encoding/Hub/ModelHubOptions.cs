namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Where models are fetched from, and how. Immutable; it holds a token, so nothing prints it.</summary>
public sealed class ModelHubOptions
{
    /// <summary>The hub when nobody names one.</summary>
    public const string DefaultEndpoint = "https://huggingface.co";

    private static readonly string[] TrueValues = ["1", "ON", "YES", "TRUE"];

    /// <summary>Address of a hub that speaks the protocol of Hugging Face: http or https.</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The token for repositories that are not public; it is sent to <see cref="Endpoint"/> only. None by default.</summary>
    public string? Token { get; init; }

    /// <summary>A cache in the layout of Hugging Face's libraries, read and never written; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>True to take everything from <see cref="CacheFolder"/>, without any connection.</summary>
    public bool IsOffline { get; init; }

    /// <summary>How often a request is repeated without a byte gained before the download fails. In [0, 100]. Default 5.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The first pause before a request is repeated; it doubles, up to 30 s, and what Retry-After says comes first. In [0, 1 min].
    /// Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may come before a connection counts as dead. In [10 ms, 1 h]. Default 30 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Reads what Hugging Face's libraries read: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c>, <c>HF_HUB_OFFLINE</c>, and the cache from
    /// <c>HF_HUB_CACHE</c>, <c>HF_HOME</c> or <c>XDG_CACHE_HOME</c>. The proxy is that of <c>HTTPS_PROXY</c> and its like.
    /// </summary>
    /// <param name="read">Reads a variable; those of the process by default.</param>
    /// <exception cref="ArgumentException">HF_ENDPOINT is no http or https address.</exception>
    public static ModelHubOptions FromEnvironment(Func<string, string?>? read = null)
    {
        Func<string, string?> variable = read ?? Environment.GetEnvironmentVariable;
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value.Trim() : null;
        string endpoint = Value("HF_ENDPOINT") ?? DefaultEndpoint;
        return new ModelHubOptions
        {
            Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
                ? address
                : throw new ArgumentException($"HF_ENDPOINT is '{endpoint}'; it is an http or https address."),
            Token = Value("HF_TOKEN"),
            IsOffline = Value("HF_HUB_OFFLINE") is { } offline && TrueValues.Contains(offline.ToUpperInvariant()),
            CacheFolder = Value("HF_HUB_CACHE") ?? FindCache(Value),
        };
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Retries, 100);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RetryDelay, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(StallTimeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StallTimeout, TimeSpan.FromHours(1));
    }

    private static string? FindCache(Func<string, string?> value)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        string? caches = value("XDG_CACHE_HOME") ?? (home.Length > 0 ? Path.Combine(home, ".cache") : null);
        string? own = value("HF_HOME") ?? (caches is null ? null : Path.Combine(caches, "huggingface"));
        return own is null ? null : Path.Combine(own, "hub");
    }
}
