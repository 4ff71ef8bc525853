using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>Writes small ONNX graphs (opset 13) byte by byte, so that tests need no Python. Field numbers are those of
/// onnx.proto.</summary>
internal sealed class OnnxWriter
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Float16 = 10;

    private readonly Message _graph = new();

    public OnnxWriter Input(string name, int type, params object[] shape)
    {
        _graph.Nested(11, Value(name, type, shape));
        return this;
    }

    public OnnxWriter Output(string name, int type, params object[] shape)
    {
        _graph.Nested(12, Value(name, type, shape));
        return this;
    }

    public OnnxWriter Constant(string name, float[] values, params long[] shape) =>
        Constant(name, Float, MemoryMarshal.AsBytes<float>(values).ToArray(), shape);

    public OnnxWriter Constant(string name, params long[] values) =>
        Constant(name, Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>Float values that lie in a file beside the graph.</summary>
    public OnnxWriter External(string name, string file, params long[] shape)
    {
        Message tensor = new();
        foreach (long length in shape)
        {
            tensor.Number(1, length);
        }

        Message entry = new Message().Text(1, "location").Text(2, file);
        _graph.Nested(5, tensor.Number(2, Float).Text(8, name).Nested(13, entry).Number(14, 1));
        return this;
    }

    /// <summary>Adds a node; an attribute is a whole number or a list of them.</summary>
    public OnnxWriter Node(string type, string inputs, string output, params (string Name, object Value)[] attributes)
    {
        Message node = new();
        foreach (string input in inputs.Split(' '))
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, output).Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            Message attribute = new();
            attribute.Text(1, name);
            if (value is int number)
            {
                attribute.Number(3, number).Number(20, 2);
            }
            else
            {
                foreach (int item in (int[])value)
                {
                    attribute.Number(8, item);
                }

                attribute.Number(20, 7);
            }

            node.Nested(5, attribute);
        }

        _graph.Nested(1, node);
        return this;
    }

    public void Save(string path)
    {
        Message model = new();
        model.Number(1, 8);
        model.Nested(7, _graph.Text(2, "planted"));
        model.Nested(8, new Message().Text(1, "").Number(2, 13));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, model.ToArray());
    }

    private OnnxWriter Constant(string name, int type, byte[] bytes, long[] shape)
    {
        Message tensor = new();
        foreach (long length in shape)
        {
            tensor.Number(1, length);
        }

        _graph.Nested(5, tensor.Number(2, type).Text(8, name).Bytes(9, bytes));
        return this;
    }

    private static Message Value(string name, int type, object[] shape)
    {
        Message dimensions = new();
        foreach (object length in shape)
        {
            dimensions.Nested(1, length is string symbol ? new Message().Text(2, symbol) : new Message().Number(1, (int)length));
        }

        Message tensor = new Message().Number(1, type).Nested(2, dimensions);
        return new Message().Text(1, name).Nested(2, new Message().Nested(1, tensor));
    }

    /// <summary>A protobuf message under construction.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message Number(int field, long value)
        {
            VarInt((ulong)(field << 3));
            VarInt((ulong)value);
            return this;
        }

        public Message Bytes(int field, byte[] value)
        {
            VarInt((ulong)((field << 3) | 2));
            VarInt((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(value));

        public Message Nested(int field, Message message) => Bytes(field, message.ToArray());

        public byte[] ToArray() => _bytes.ToArray();

        private void VarInt(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }
}
