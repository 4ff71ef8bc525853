namespace MultiVecRetrieval.Interchange;

/// <summary>FAISS IndexBinaryFlat: codes of bits, compared by Hamming distance.</summary>
public sealed class FaissBinaryIndex : FaissIndex
{
    /// <summary>Takes codes.</summary>
    /// <param name="dimension">Bits of a code, a multiple of 8.</param>
    /// <param name="codes">[codes × d/8]; not copied.</param>
    /// <exception cref="ArgumentException">d is no multiple of 8, or the bytes no whole number of codes.</exception>
    public FaissBinaryIndex(int dimension, byte[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        if (dimension < 8 || dimension % 8 != 0)
        {
            throw new ArgumentException($"FAISS takes a multiple of 8 bits, {dimension} were given.", nameof(dimension));
        }

        if (codes.Length % (dimension / 8) != 0)
        {
            throw new ArgumentException($"{codes.Length} bytes are no whole number of codes of {dimension} bits.", nameof(codes));
        }

        Dimension = dimension;
        Codes = codes;
    }

    /// <inheritdoc/>
    public override int Dimension { get; }

    /// <inheritdoc/>
    public override int Count => Codes.Length / (Dimension / 8);

    /// <summary>[codes × d/8].</summary>
    public byte[] Codes { get; }

    internal override void WriteTo(FaissWriter writer)
    {
        writer.WriteFourCharacters(FaissKind.BinaryFlat);
        writer.Write(Dimension);
        writer.Write(Dimension / 8);
        writer.Write((long)Count);
        writer.Write(true);
        writer.Write((int)FaissMetric.SquaredDistance);
        writer.WriteVector<byte>(Codes);
    }
}
