namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Codecs of one kind: how they are trained and read back.</summary>
public abstract class CodecFamily
{
    /// <summary>Lower-case, as it begins a <see cref="CodecSpec"/>; stored in files, so never changed once released.</summary>
    public abstract string Name { get; }

    /// <summary>For help and error messages: how its specs look and which arguments they take.</summary>
    public abstract string Usage { get; }

    /// <summary>What the codes are, one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Throws unless this family can be trained as the spec says, given rows enough.</summary>
    /// <param name="spec">A spec of this family.</param>
    /// <param name="dimension">d of the rows to be encoded.</param>
    /// <exception cref="SpecException">An argument is missing, unknown or out of its range; the message names the range.</exception>
    public abstract void Check(CodecSpec spec, int dimension);

    /// <summary>Trains a codec: the same one from the same sample, at every instruction set.</summary>
    /// <exception cref="SpecException">The spec is one that <see cref="Check"/> refuses.</exception>
    /// <exception cref="ArgumentException">The sample has too few rows, or values that are not finite; the message says what is
    /// needed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public abstract EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken);

    /// <summary>Reads what <see cref="EntryCodec.WriteParameters"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no parameters of this family.</exception>
    public abstract EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters);
}
