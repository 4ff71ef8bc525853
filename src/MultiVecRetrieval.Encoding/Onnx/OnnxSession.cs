using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>One loaded graph. Thread-safe: runs may overlap.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly Dictionary<string, OnnxTensor> _inputs;

    /// <exception cref="ModelFormatException">The runtime refuses the graph.</exception>
    public OnnxSession(string folder, OnnxGraphHeader header, SessionOptions options)
    {
        _inputs = header.Inputs.ToDictionary(input => input.Name);
        try
        {
            _session = header.Promoted.Count == 0
                ? new InferenceSession(header.Path, options)
                : new InferenceSession(PromotedGraph.Read(header.Path, header.Promoted), options);
        }
        catch (InvalidDataException tooLarge)
        {
            throw new ModelFormatException(folder, $"{tooLarge.Message}.", tooLarge);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelFormatException(folder, $"ONNX Runtime cannot load {Path.GetFileName(header.Path)}: {exception.Message}",
                exception);
        }
    }

    /// <summary>Runs the graph and returns the named outputs as float32.</summary>
    public FloatTensor[] Run(IReadOnlyList<TensorFeed> feeds, IReadOnlyList<string> outputs)
    {
        List<OrtValue> values = new(feeds.Count);
        try
        {
            foreach (TensorFeed feed in feeds)
            {
                values.Add(CreateValue(feed, _inputs[feed.Name].Type));
            }

            using IDisposableReadOnlyCollection<OrtValue> results =
                _session.Run(_runOptions, [.. feeds.Select(feed => feed.Name)], values, outputs);
            return [.. results.Select(ToFloats)];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private static OrtValue CreateValue(TensorFeed feed, OnnxTensorType type)
    {
        switch (type)
        {
            case OnnxTensorType.Float when feed.Floats is { } floats:
                return OrtValue.CreateTensorValueFromMemory(floats, feed.Shape);
            case OnnxTensorType.Float16 when feed.Floats is { } floats:
                Float16[] halves = new Float16[floats.Length];
                TensorPrimitives.ConvertToHalf(floats, MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
                return OrtValue.CreateTensorValueFromMemory(halves, feed.Shape);
            case OnnxTensorType.Int64 when feed.Integers is { } integers:
                return OrtValue.CreateTensorValueFromMemory(integers, feed.Shape);
            case OnnxTensorType.Int32 when feed.Integers is { } integers:
                return OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(integers, value => checked((int)value)), feed.Shape);
            case OnnxTensorType.Bool when feed.Integers is { } integers:
                return OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(integers, value => value != 0), feed.Shape);
            case OnnxTensorType.Float when feed.Integers is { } integers:
                return OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(integers, value => (float)value), feed.Shape);
            default:
                throw new NotSupportedException($"The input {feed.Name} wants {type}, which is not supported.");
        }
    }

    private static FloatTensor ToFloats(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo information = value.GetTensorTypeAndShape();
        float[] floats = new float[information.ElementCount];
        switch (information.ElementDataType)
        {
            case TensorElementType.Float:
                value.GetTensorDataAsSpan<float>().CopyTo(floats);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()), floats);
                break;
            case TensorElementType.Double:
                TensorPrimitives.ConvertTruncating(value.GetTensorDataAsSpan<double>(), (Span<float>)floats);
                break;
            default:
                throw new NotSupportedException($"An output of type {information.ElementDataType} is not supported.");
        }

        return new FloatTensor(floats, information.Shape);
    }
}
