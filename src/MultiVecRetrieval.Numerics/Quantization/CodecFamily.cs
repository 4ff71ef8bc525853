namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>Codecs of one kind: how they are trained and read back.</summary>
public abstract class CodecFamily
{
    /// <summary>Lower-case, as it begins a <see cref="CodecSpec"/>; stored in files, so never changed once released.</summary>
    public abstract string Name { get; }

    /// <summary>For help and error messages: how its specs look and which arguments they take.</summary>
    public abstract string Usage { get; }

    /// <summary>Trains a codec: the same one from the same sample, at every instruction set.</summary>
    /// <exception cref="ArgumentException">The argument of the spec is not valid, or the sample has too few rows; the message says what is needed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public abstract EntryCodec Train(CodecSpec spec, TrainingSample sample, CancellationToken cancellationToken);

    /// <summary>Reads what <see cref="EntryCodec.WriteParameters"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no parameters of this family.</exception>
    public abstract EntryCodec Read(CodecSpec spec, int dimension, ReadOnlySpan<byte> parameters);
}
