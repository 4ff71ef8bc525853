using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Inputs;

/// <summary>Makes rows of inputs, one input at a time; thread-safe.</summary>
internal sealed class InputEncoder(EncoderModel model, OpenCollections collections, LibraryOptions options, bool truncates, int? dimension)
{
    /// <exception cref="InvalidInputException">The model cannot shorten its rows, or not to this length.</exception>
    public static void CheckDimension(ModelContract contract, int? dimension)
    {
        if (dimension is not { } wanted || wanted == contract.Dimension)
        {
            return;
        }

        if (!contract.CanShorten)
        {
            throw new InvalidInputException(
                $"Rows of {contract.Name} have {contract.Dimension} values and cannot be shortened: its encoder.json does not say matryoshkaDimension.",
                "dimensions");
        }

        if (wanted < 1 || wanted > contract.Dimension)
        {
            throw new InvalidInputException($"dimensions is {wanted}; of {contract.Name} it is in [1, {contract.Dimension}].", "dimensions");
        }
    }

    /// <exception cref="InvalidInputException">The model does not take the input, or the picture cannot be decoded.</exception>
    /// <exception cref="EntryNotFoundException">There is no such entry.</exception>
    public EncodedInput Encode(EncodeInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EncodedInput encoded = input switch
        {
            { Text: { } text, ImageBytes: null, Entry: null } => EncodeText(input, text, cancellationToken),
            { Text: null, ImageBytes: { } image, Entry: null } => EncodeImage(input, image, cancellationToken),
            { Text: null, ImageBytes: null, Entry: { } entry, Collection: { } collection } => Read(input, collection, entry),
            _ => throw new InvalidInputException($"{input.Name} is not one of a text, a picture and an entry.", input.Name),
        };
        return dimension is { } kept && kept < encoded.Rows.Dimension ? encoded with { Rows = Shorten(encoded.Rows, kept) } : encoded;
    }

    private EncodedInput EncodeText(EncodeInput input, string text, CancellationToken cancellationToken)
    {
        ModelContract contract = model.Contract;
        if (!contract.EncodesText)
        {
            throw new InvalidInputException($"{input.Name} is a text; the model {contract.Name} takes none.", input.Name);
        }

        EncodedText encoded = input.Role == TextRole.Passage && contract.EncodesPassages
            ? model.EncodePassage(text, cancellationToken)
            : model.EncodeText(text, cancellationToken);
        if (encoded.OmittedTokenCount > 0 && !truncates)
        {
            int total = encoded.TokenCount + encoded.OmittedTokenCount;
            throw new InvalidInputException(
                $"{input.Name} has {total} tokens; the model {contract.Name} reads {encoded.TokenCount}. Send less, or let its beginning be read: \"truncate\": true.",
                input.Name, isTooLong: true);
        }

        return new EncodedInput(encoded.Rows, encoded.TokenCount, [.. encoded.Notices.Select(notice => $"{input.Name}: {notice}")]);
    }

    private EncodedInput EncodeImage(EncodeInput input, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!model.Contract.EncodesImages)
        {
            throw new InvalidInputException($"{input.Name} is a picture; the model {model.Contract.Name} takes none.", input.Name);
        }

        MediaFormat format = MediaSniffer.Detect(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]);
        if (MediaSniffer.GetMediaType(format) != MediaType.Image)
        {
            throw new InvalidInputException(
                $"{input.Name} is no picture that can be read ({MediaSniffer.GetContentType(format)}).", input.Name);
        }

        return new EncodedInput(model.EncodeImage(Decode(input, bytes), cancellationToken), TokenCount: 0, Notices: []);
    }

    // Of a hundred pictures it must be said which one.
    private RgbImage Decode(EncodeInput input, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new ImageDecoder(options.Limits).Decode(bytes);
        }
        catch (MediaException error)
        {
            throw new InvalidInputException($"{input.Name} cannot be read: {error.Message}", input.Name);
        }
    }

    private EncodedInput Read(EncodeInput input, string collection, string key)
    {
        ModelContract contract = model.Contract;
        using Snapshot snapshot = collections.Get(collection).OpenSnapshot();
        Entry entry = snapshot.Entries.Find(key) ?? throw new EntryNotFoundException(collection, key);
        SpaceId id = contract.QuerySpace ?? contract.SpaceId;
        Space space = snapshot.Spaces.FirstOrDefault(space => space.Id == id) ?? throw new InvalidInputException(
            $"{input.Name}: the collection '{collection}' has no space of the model {contract.Name}.", input.Name);
        return snapshot.Entries.GetVectors(entry.Key, space.Name) is { RowCount: > 0 } rows
            ? new EncodedInput(rows, TokenCount: 0, Notices: [])
            : throw new InvalidInputException($"{input.Name}: '{key}' has no rows in the space '{space.Name}'.", input.Name);
    }

    private static MultiVector Shorten(MultiVector rows, int kept)
    {
        float[] values = new float[rows.RowCount * kept];
        for (int row = 0; row < rows.RowCount; row++)
        {
            Span<float> shortened = values.AsSpan(row * kept, kept);
            rows.Row(row)[..kept].CopyTo(shortened);
            float length = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(shortened));
            if (length > 0)
            {
                TensorPrimitives.Divide(shortened, length, shortened);
            }
        }

        return new MultiVector(kept, values, rows.Places.IsEmpty ? null : rows.Places.ToArray());
    }
}
