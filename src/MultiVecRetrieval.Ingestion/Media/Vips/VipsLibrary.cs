using NetVips;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>Starts libvips once, with every loader blocked but those for the formats that are read.</summary>
internal static class VipsLibrary
{
    // A libvips built with more loaders has some that were never fuzzed; type detection by content would reach them.
    private static readonly string[] AllowedLoaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadTiff",
            "VipsForeignLoadHeif",
    ];

    private static readonly Lazy<string> Started = new(Start);

    /// <summary>The version, after the library was started.</summary>
    /// <exception cref="MediaException">The library is missing or cannot be loaded.</exception>
    public static string Version => Started.Value;

    /// <summary>The library's own words in an error: what follows the line that NetVips begins it with; at most three lines.</summary>
    public static string WordsOf(VipsException error) =>
        string.Join("; ", error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1)
            .Distinct().Take(3));

    /// <summary>Empties the one buffer in which libvips keeps the messages of all threads.</summary>
    // An error takes what the buffer holds when it is made; there is no other way to it.
    public static void ClearErrors() => _ = new VipsException("");

    private static string Start()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            Exception? inner = ModuleInitializer.Exception;
            throw new MediaException($"libvips cannot be loaded: {inner?.Message ?? "it does not start"}", inner: inner);
        }

        const int AllLevels = 0xFC | 3;
        // GLib's log lines would go to standard error; errors are reported by exceptions.
        foreach (string domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            _ = Log.SetLogHandler(domain, (Enums.LogLevelFlags)AllLevels, static (_, _, _) => { });
        }

        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in AllowedLoaders)
        {
            Operation.Block(loader, false);
        }

        // Files are decoded in parallel by the callers; a decode itself stays on one thread, and no result is kept.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        return string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
    }
}
