using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>Session options of ONNX Runtime that make a run repeatable and keep its memory small.</summary>
internal static partial class OnnxSessionOptions
{
    /// <summary>Creates the options; the caller disposes them.</summary>
    /// <exception cref="ExecutionProviderException">The provider asked for cannot be loaded.</exception>
    public static SessionOptions Create(EncoderOptions options)
    {
        SessionOptions session = new()
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.IntraOpThreads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // Patterns are kept per input shape; pages come in many.
            EnableMemoryPattern = false,
        };
        try
        {
            // Idle threads sleep: other encoders and decoders use the same cores.
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

            // Without VNNI a product of unsigned and signed bytes overflows 16 bits; the runtime then uses unsigned weights.
            session.AddSessionConfigEntry("session.x64quantprecision", "1");
            if (options.Provider == ExecutionProvider.Cuda)
            {
                AppendCuda(session, options.DeviceId);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The library that a loader message complains about, or null.</summary>
    internal static string? FindMissingLibrary(string message)
    {
        Match match = MissingLibrary().Match(message);
        return match.Success ? match.Groups["name"].Value : null;
    }

    private static void AppendCuda(SessionOptions session, int deviceId)
    {
        const string ProviderLibrary = "libonnxruntime_providers_cuda.so";
        try
        {
            session.AppendExecutionProvider_CUDA(deviceId);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            {
                throw new ExecutionProviderException(
                    ExecutionProvider.Cuda,
                    ProviderLibrary,
                    $"this build of ONNX Runtime has no CUDA provider ({ProviderLibrary}). "
                        + "Build with -p:OnnxRuntimePackage=Microsoft.ML.OnnxRuntime.Gpu, or set encoder:provider to Cpu.",
                    exception);
            }

            string? missing = FindMissingLibrary(exception.Message) ?? FindMissingDependency(ProviderLibrary);
            string reason = missing is null ? exception.Message : $"the library {missing} cannot be loaded. {exception.Message}";
            throw new ExecutionProviderException(ExecutionProvider.Cuda, missing, reason, exception);
        }
    }

    /// <summary>The library whose absence keeps <paramref name="library"/>, a file beside this program, from loading, or null.</summary>
    /// <remarks>ONNX Runtime 1.31 writes that name to standard error only; the loader is asked once more.</remarks>
    internal static string? FindMissingDependency(string library)
    {
        foreach (string folder in NativeFolders)
        {
            string path = Path.Combine(folder, library);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                NativeLibrary.Free(NativeLibrary.Load(path));
            }
            catch (DllNotFoundException exception)
            {
                return FindMissingLibrary(exception.Message);
            }
        }

        return null;
    }

    // Native libraries of packages lie beside the program, or, built for any platform, in a folder per platform.
    private static string[] NativeFolders =>
        [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];

    // What dlopen says: "libcublasLt.so.12: cannot open shared object file: No such file or directory".
    [GeneratedRegex(@"(?<name>lib[\w.+-]+\.so[\d.]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
