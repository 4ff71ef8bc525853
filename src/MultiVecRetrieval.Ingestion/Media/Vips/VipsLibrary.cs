using System.Runtime.InteropServices;

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

    private static unsafe string Start()
    {
        if (VipsNative.Location is null)
        {
            throw new MediaException("libvips (libvips-cpp.so) is not beside the program; run: npm ci && dotnet build");
        }

        try
        {
            if (VipsNative.Init("mvr") != 0)
            {
                throw new MediaException($"libvips cannot start: {TakeErrors()}");
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new MediaException($"libvips cannot be loaded: {exception.Message}", inner: exception);
        }

        const int AllLevels = 0xFC | 3;
        foreach (string domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            _ = VipsNative.SetLogHandler(domain, AllLevels, &VipsNative.IgnoreLog, 0);
        }

        VipsNative.BlockUntrusted(1);
        VipsNative.BlockOperation("VipsForeignLoad", 1);
        foreach (string loader in AllowedLoaders)
        {
            VipsNative.BlockOperation(loader, 0);
        }

        // Files are decoded in parallel by the callers; a decode itself stays on one thread, and no result is kept.
        VipsNative.SetConcurrency(1);
        VipsNative.SetCacheSize(0);
        return Marshal.PtrToStringUTF8(VipsNative.VersionString()) ?? "unknown";
    }

    /// <summary>Takes the messages of the last failure, of whatever thread, out of the library's one buffer.</summary>
    public static string TakeErrors()
    {
        nint text = VipsNative.CopyErrors();
        string message = Marshal.PtrToStringUTF8(text) ?? "";
        VipsNative.Free(text);
        VipsNative.ClearErrors();
        IEnumerable<string> lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct();
        return string.Join("; ", lines.Take(3));
    }
}
