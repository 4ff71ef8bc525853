using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>
/// The functions of libvips and GObject that are called. Only those with a fixed number of arguments: variadic ones such as
/// <c>vips_image_new_from_buffer</c> cannot be called portably from managed code, so operations are built by properties.
/// </summary>
internal static unsafe partial class VipsNative
{
    private const string Library = "libvips";

    static VipsNative() => NativeLibrary.SetDllImportResolver(typeof(VipsNative).Assembly, Resolve);

    /// <summary>The library file; null when none was found beside the program.</summary>
    public static string? Location { get; } = FindLibrary();

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(string programName);

    [LibraryImport(Library, EntryPoint = "vips_version_string")]
    public static partial nint VersionString();

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    public static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    public static partial void SetCacheSize(int operations);

    [LibraryImport(Library, EntryPoint = "vips_block_untrusted_set")]
    public static partial void BlockUntrusted(int state);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void BlockOperation(string name, int state);

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    public static partial nint CopyErrors();

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CreateOperation(string name);

    [LibraryImport(Library, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetArgument(nint operation, string name, string value);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_build")]
    public static partial nint BuildOperation(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    public static partial void ReleaseOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_source_new_from_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenSource(string path);

    [LibraryImport(Library, EntryPoint = "vips_source_new_from_memory")]
    public static partial nint WrapSource(byte* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory")]
    public static partial nint WrapImage(byte* pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_write")]
    public static partial int WriteImage(nint source, nint target);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    public static partial int GetWidth(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    public static partial int GetHeight(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    public static partial int GetBands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    public static partial int GetFormat(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    public static partial int GetInterpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation")]
    public static partial int GetOrientation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_blob_get")]
    public static partial nint GetBlob(nint blob, out nuint length);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    public static partial void Release(nint instance);

    [LibraryImport(Library, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "g_type_from_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint FindType(string name);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    public static partial void InitializeValue(ref GValue value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    public static partial void UnsetValue(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    public static partial void SetValue(ref GValue value, nint instance);

    [LibraryImport(Library, EntryPoint = "g_value_dup_object")]
    public static partial nint CopyObject(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_get_boxed")]
    public static partial nint GetBoxed(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetProperty(nint instance, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void GetProperty(nint instance, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler,
        nint data);

    /// <summary>Swallows GLib's log lines, which would otherwise go to standard error; errors are reported by return values.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void IgnoreLog(nint domain, int level, nint message, nint data)
    {
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Library && Location is { } path ? NativeLibrary.Load(path) : 0;

    private static string? FindLibrary()
    {
        string[] folders =
            [AppContext.BaseDirectory, Path.GetDirectoryName(typeof(VipsNative).Assembly.Location) ?? AppContext.BaseDirectory];
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "libvips-cpp.so.*")).Order(StringComparer.Ordinal)
            .LastOrDefault();
    }
}
