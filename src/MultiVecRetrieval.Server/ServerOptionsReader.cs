using System.Net;
using MultiVecRetrieval.Server.Watching;

namespace MultiVecRetrieval.Server;

/// <summary>Binds <see cref="ServerOptions"/> from the settings and checks them once, at start.</summary>
internal static class ServerOptionsReader
{
    private const int MinKeyLength = 16;

    private static readonly string[] Lists =
        [nameof(ServerOptions.AllowedHosts), nameof(ServerOptions.AllowedRoots), nameof(ServerOptions.Watch)];

    /// <summary>Reads appsettings.json of the working folder (else the one beside the program), MVR_SERVER__* variables and flags; later
    /// ones win.</summary>
    /// <exception cref="ServerOptionsException">A flag is malformed, or a value is missing, malformed or out of range.</exception>
    /// <exception cref="InvalidSettingException">A setting outside the server section is unknown or has a value that is not
    /// accepted.</exception>
    public static ServerOptions Read(string[] args)
    {
        Dictionary<string, string> flags = [];
        foreach (string arg in args)
        {
            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            if (!arg.StartsWith("--", StringComparison.Ordinal) || equals < 3)
            {
                throw new ServerOptionsException("server", $"'{arg}' is no flag; expected --server:NAME=VALUE");
            }

            flags[arg[2..equals]] = arg[(equals + 1)..];
        }

        string local = Path.GetFullPath("appsettings.json");
        string file = File.Exists(local) ? local : Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        return Bind(LibrarySettings.Load(file, flags: flags).GetSection(ServerOptions.SectionName));
    }

    /// <summary>Binds values by the names of the options, case ignored; lists are separated by ';'.</summary>
    /// <exception cref="ServerOptionsException">A name is unknown, or a value is malformed or out of range.</exception>
    public static ServerOptions Bind(IReadOnlyDictionary<string, string> values)
    {
        string[] known = [.. typeof(ServerOptions).GetProperties().Select(property => property.Name)];
        Dictionary<string, string?> entries = [];
        foreach ((string key, string value) in values)
        {
            string name = key.Split(':')[0];
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new ServerOptionsException($"server:{key}", "there is no such setting");
            }

            if (name != key || !Lists.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                entries[key] = value;
                continue;
            }

            string[] items = value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            for (int index = 0; index < items.Length; index++)
            {
                entries[$"{key}:{index}"] = items[index];
            }
        }

        try
        {
            return Check(new ConfigurationBuilder().AddInMemoryCollection(entries).Build().Get<ServerOptions>() ?? new ServerOptions());
        }
        catch (InvalidOperationException e)
        {
            throw new ServerOptionsException("server",
                e.Message.TrimEnd('.') + (e.InnerException is null ? string.Empty : $" ({e.InnerException.Message})"));
        }
    }

    /// <exception cref="ServerOptionsException">A value is malformed or out of range, or a public address has no key.</exception>
    public static ServerOptions Check(ServerOptions options)
    {
        string? publicUrl = Addresses(options).FirstOrDefault(url => !IsLoopback(url.Host))?.ToString();
        string? key = string.IsNullOrEmpty(options.ApiKey) ? null : options.ApiKey;
        if (key is null && options.KeysFile is null && publicUrl is not null)
        {
            throw new ServerOptionsException("server:apiKey",
                $"{publicUrl} is reachable from other machines, so a key is needed; set server:apiKey (MVR_SERVER__API_KEY) or listen on 127.0.0.1");
        }

        if (options.Certificate is null && (options.CertificateKey is not null || Addresses(options).Any(url => url.Scheme == "https")))
        {
            throw new ServerOptionsException("server:certificate", "https needs a certificate: name a PEM file");
        }

        if (options.Certificate is not null)
        {
            using Access.ServerCertificate certificate = new(options, logger: null);
        }

        if (options.KeysFile is { } file)
        {
            Access.AccessKeys.Read(file);
        }

        if (key is not null && (key.Length < MinKeyLength || key.Any(character => character is <= ' ' or > '~')))
        {
            throw new ServerOptionsException("server:apiKey",
                $"must have at least {MinKeyLength} printable ASCII characters without spaces; it has {key.Length}");
        }

        foreach (string root in options.AllowedRoots.Where(root => !Path.IsPathFullyQualified(root)))
        {
            throw new ServerOptionsException("server:allowedRoots", $"'{root}' is not an absolute path");
        }

        WatchedFolders.Parse(options.Watch);
        if (options.WatchInterval < TimeSpan.FromSeconds(1) || options.WatchInterval > TimeSpan.FromDays(1))
        {
            throw new ServerOptionsException("server:watchInterval", $"must be in [00:00:01, 1.00:00:00]; it is {options.WatchInterval}");
        }

        Range("server:maxUploadBytes", options.MaxUploadBytes, 1 << 10, 64L << 30);
        Range("server:maxRequestBytes", options.MaxRequestBytes, 1 << 10, 1L << 30);
        Range("server:maxConcurrentRequests", options.MaxConcurrentRequests, 1, 100_000);
        Range("server:requestsPerMinute", options.RequestsPerMinute, 0, 1_000_000);
        Range("server:maxTop", options.MaxTop, 1, 10_000);
        Range("server:maxOffset", options.MaxOffset, 0, 1_000_000);
        Range("server:maxQueryLength", options.MaxQueryLength, 1, 1_000_000);
        Range("server:maxInputs", options.MaxInputs, 1, 100_000);
        Range("server:maxInputImages", options.MaxInputImages, 1, 10_000);
        Range("server:maxInputLength", options.MaxInputLength, 1, 10_000_000);
        Range("server:maxEventStreams", options.MaxEventStreams, 1, 10_000);
        return options with { ApiKey = key };
    }

    /// <summary>True when <paramref name="host"/> names this machine only.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>The addresses to listen on.</summary>
    /// <exception cref="ServerOptionsException">One is malformed, or there is none.</exception>
    public static IReadOnlyList<BindingAddress> Addresses(ServerOptions options)
    {
        List<BindingAddress> urls = [];
        foreach (string text in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress url;
            try
            {
                url = BindingAddress.Parse(text);
            }
            catch (FormatException e)
            {
                throw new ServerOptionsException("server:urls", $"'{text}' is no address: {e.Message.TrimEnd('.')}");
            }

            if (url.Scheme is not ("http" or "https") || url.PathBase.Length > 0)
            {
                throw new ServerOptionsException("server:urls",
                    $"'{text}' must be http://host:port or https://host:port; leave paths to a reverse proxy");
            }

            urls.Add(url);
        }

        return urls.Count > 0 ? urls : throw new ServerOptionsException("server:urls", "names no address");
    }

    private static void Range(string setting, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ServerOptionsException(setting, $"must be in [{least}, {most}]; it is {value}");
        }
    }
}
