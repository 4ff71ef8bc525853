using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Interchange;

/// <summary>The primitive parts of a FAISS index file: little-endian, without gaps.</summary>
/// <remarks>Source of the format: index_write.cpp of FAISS 1.7.3; it is not otherwise documented.</remarks>
internal sealed class FaissWriter(BinaryWriter writer)
{
    // FAISS writes this twice where it once had two fields.
    private const long Unused = 1 << 20;

    public void Write(int value) => writer.Write(value);

    public void Write(long value) => writer.Write(value);

    public void Write(bool value) => writer.Write(value);

    public void WriteFourCharacters(string kind) => writer.Write(System.Text.Encoding.ASCII.GetBytes(kind));

    /// <summary>d, number of vectors, trained or not, metric.</summary>
    public void WriteHeader(int dimension, int count, FaissMetric metric)
    {
        writer.Write(dimension);
        writer.Write((long)count);
        writer.Write(Unused);
        writer.Write(Unused);
        writer.Write(true);
        writer.Write((int)metric);
    }

    /// <summary>A count and the values.</summary>
    public void WriteVector<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write((long)values.Length);

        // In pieces: the bytes of a large array may be more than a span holds.
        const int pieceLength = 1 << 20;
        for (int start = 0; start < values.Length; start += pieceLength)
        {
            writer.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(pieceLength, values.Length - start))));
        }
    }
}
