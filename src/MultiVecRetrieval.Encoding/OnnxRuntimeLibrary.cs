using Microsoft.ML.OnnxRuntime;

namespace MultiVecRetrieval.Encoding;

/// <summary>The native library that runs the graphs.</summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>Loads the library and asks for its version.</summary>
    /// <exception cref="DllNotFoundException">The library is not beside the program.</exception>
    /// <exception cref="TypeInitializationException">The library was found and does not start.</exception>
    public static string ReadVersion() => OrtEnv.Instance().GetVersionString();
}
