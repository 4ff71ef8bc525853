namespace MultiVecRetrieval.Interchange;

/// <summary>An index as FAISS stores it; see <see cref="FaissFlatIndex"/>, <see cref="FaissHnswIndex"/> and
/// <see cref="FaissBinaryIndex"/>.</summary>
public abstract class FaissIndex
{
    private protected FaissIndex()
    {
    }

    /// <summary>d: values of a vector, or bits of a code.</summary>
    public abstract int Dimension { get; }

    /// <summary>The number of vectors; FAISS numbers them from 0.</summary>
    public abstract int Count { get; }

    /// <summary>Reads an index file.</summary>
    /// <param name="path">A file that <c>faiss.write_index</c> or <c>faiss.write_index_binary</c> wrote.</param>
    /// <exception cref="FaissFormatException">The file is damaged, or of another kind; the message says which are read.</exception>
    public static FaissIndex Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new FaissReader(stream, path).Read();
    }

    /// <summary>Writes an index file that <c>faiss.read_index</c> or <c>faiss.read_index_binary</c> reads; an existing file is
    /// replaced.</summary>
    public void Write(string path)
    {
        using FileStream stream = File.Create(path);
        Write(stream);
    }

    /// <summary>Writes the index.</summary>
    public void Write(Stream stream)
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.Latin1, leaveOpen: true);
        WriteTo(new FaissWriter(writer));
    }

    internal abstract void WriteTo(FaissWriter writer);
}
