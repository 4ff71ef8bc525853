using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>The sessions of one model, each loaded when it is first used: a text query does not load the image side. Thread-safe.</summary>
internal sealed class OnnxSessions : IDisposable
{
    private readonly string _folder;
    private readonly EncoderOptions _encoderOptions;
    private readonly SessionOptions _options;
    private readonly ConcurrentDictionary<string, Lazy<SharedSession>> _sessions = new();

    /// <exception cref="ExecutionProviderException">The provider asked for cannot be loaded.</exception>
    public OnnxSessions(string folder, EncoderOptions options)
    {
        _folder = folder;
        _encoderOptions = options;
        _options = OnnxSessionOptions.Create(options);
    }

    /// <exception cref="ModelFormatException">The runtime refuses the graph.</exception>
    public OnnxSession Get(OnnxGraphHeader graph)
    {
        string promoted = string.Join(' ', graph.Promoted);
        return _sessions.GetOrAdd($"{graph.Path} {promoted}", _ => new Lazy<SharedSession>(() =>
            SharedSession.Rent(graph.Path, promoted, _encoderOptions, () => Load(graph)))).Value.Session;
    }

    private OnnxSession Load(OnnxGraphHeader graph)
    {
        if (graph.Promoted.Count == 0)
        {
            return new OnnxSession(_folder, graph, _options);
        }

        // A graph that comes as bytes does not know where its weights lie.
        using SessionOptions options = OnnxSessionOptions.Create(_encoderOptions);
        options.AddSessionConfigEntry(
            "session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(graph.Path))!);
        return new OnnxSession(_folder, graph, options);
    }

    public void Dispose()
    {
        foreach (Lazy<SharedSession> session in _sessions.Values.Where(session => session.IsValueCreated))
        {
            session.Value.Dispose();
        }

        _options.Dispose();
    }
}
