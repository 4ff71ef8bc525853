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
    public OnnxSession Get(OnnxGraphHeader graph) => _sessions.GetOrAdd(
        graph.Path,
        _ => new Lazy<SharedSession>(
            () => SharedSession.Rent(graph.Path, _encoderOptions, () => new OnnxSession(_folder, graph, _options))))
        .Value.Session;

    public void Dispose()
    {
        foreach (Lazy<SharedSession> session in _sessions.Values.Where(session => session.IsValueCreated))
        {
            session.Value.Dispose();
        }

        _options.Dispose();
    }
}
