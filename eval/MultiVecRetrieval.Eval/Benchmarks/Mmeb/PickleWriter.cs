using System.Buffers.Binary;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>
/// Writes arrays of numbers as Python pickles that NumPy reads: an array alone, or a dictionary of arrays by name. Protocol 4; nothing of
/// the file is code but the two functions of NumPy with which it pickles arrays itself.
/// </summary>
internal sealed class PickleWriter : IDisposable
{
    private const byte Mark = (byte)'(', Stop = (byte)'.', Reduce = (byte)'R', Build = (byte)'b', Tuple1 = 0x85, Tuple3 = 0x87;
    private const byte EmptyDictionary = (byte)'}', SetItem = (byte)'s', Tuple = (byte)'t', NoneValue = (byte)'N', False = 0x89,
        True = 0x88;

    private readonly BinaryWriter _writer;

    private PickleWriter(Stream stream)
    {
        _writer = new BinaryWriter(stream);
        _writer.Write([0x80, 4]);
    }

    /// <summary>Writes an array of float32, [rows × d], or [count × rows × d] where any has several rows; the shorter ones are filled up
    /// with rows of zeros.</summary>
    public static void WriteArray(string path, IReadOnlyList<MultiVector> vectors)
    {
        using FileStream stream = File.Create(path);
        using PickleWriter pickle = new(stream);
        int rows = vectors.Max(vector => vector.RowCount);
        int d = vectors[0].Dimension;
        pickle.Array(rows == 1 ? [vectors.Count, d] : [vectors.Count, rows, d], ToBytes(vectors, rows * d));
        pickle._writer.Write(Stop);
    }

    /// <summary>Writes a dictionary of arrays, [d] each, or [rows × d] where any has several rows.</summary>
    public static void WriteDictionary(string path, IReadOnlyList<(string Name, MultiVector Vector)> vectors)
    {
        using FileStream stream = File.Create(path);
        using PickleWriter pickle = new(stream);
        int rows = vectors.Max(vector => vector.Vector.RowCount);
        int d = vectors[0].Vector.Dimension;
        pickle._writer.Write(EmptyDictionary);
        foreach ((string name, MultiVector vector) in vectors)
        {
            pickle.Text(name);
            pickle.Array(rows == 1 ? [d] : [rows, d], ToBytes([vector], rows * d));
            pickle._writer.Write(SetItem);
        }

        pickle._writer.Write(Stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    // numpy.core.multiarray._reconstruct(ndarray, (0,), b'b') and its state (1, shape, dtype, False, bytes).
    private void Array(IReadOnlyList<int> shape, byte[] values)
    {
        Global("numpy.core.multiarray", "_reconstruct");
        Global("numpy", "ndarray");
        Number(0);
        _writer.Write(Tuple1);
        Bytes("b"u8.ToArray());
        _writer.Write([Tuple3, Reduce, Mark]);
        Number(1);
        _writer.Write(Mark);
        foreach (int length in shape)
        {
            Number(length);
        }

        _writer.Write(Tuple);
        Float32();
        _writer.Write(False);
        Bytes(values);
        _writer.Write([Tuple, Build]);
    }

    // numpy.dtype('f4', False, True) and its state (3, '<', None, None, None, -1, -1, 0).
    private void Float32()
    {
        Global("numpy", "dtype");
        Text("f4");
        _writer.Write([False, True, Tuple3, Reduce, Mark]);
        Number(3);
        Text("<");
        _writer.Write([NoneValue, NoneValue, NoneValue]);
        Number(-1);
        Number(-1);
        Number(0);
        _writer.Write([Tuple, Build]);
    }

    private void Global(string module, string name) => _writer.Write(System.Text.Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Number(int value)
    {
        _writer.Write((byte)'J');
        _writer.Write(value);
    }

    private void Text(string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        _writer.Write((byte)'X');
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }

    private void Bytes(byte[] value)
    {
        _writer.Write((byte)'B');
        _writer.Write(value.Length);
        _writer.Write(value);
    }

    private static byte[] ToBytes(IReadOnlyList<MultiVector> vectors, int valuesOfEach)
    {
        byte[] bytes = new byte[checked(4 * vectors.Count * valuesOfEach)];
        for (int i = 0; i < vectors.Count; i++)
        {
            int offset = i * valuesOfEach;
            foreach (float value in vectors[i].Values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * offset++), value);
            }
        }

        return bytes;
    }
}
