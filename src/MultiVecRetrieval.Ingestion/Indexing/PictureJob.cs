using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>A decoded picture that waits to be encoded.</summary>
internal sealed class PictureJob : EncodeJob
{
    public required RgbImage Image { get; init; }

    public required IReadOnlyList<SpaceEncoder> Encoders { get; init; }

    /// <summary>Whether it is a page rendered at the size that the models ask for.</summary>
    public required ImageRole Role { get; init; }

    /// <summary>The span of a frame, or null for a still picture.</summary>
    public (double StartSeconds, double EndSeconds)? Span { get; init; }

    /// <summary>The part of the entry's picture that this one shows, or null for all of it.</summary>
    public Place? Box { get; init; }

    /// <summary>False for a tile: tags are given from a probability that was measured on whole pictures.</summary>
    public bool GivesTags { get; init; } = true;

    /// <summary>True when near-duplicates of the picture can be searched for.</summary>
    public bool HasFingerprint { get; init; }

    /// <summary>Called when the picture is no longer held, whatever became of it.</summary>
    public Action? Released { get; init; }

    public override void Encode(CancellationToken cancellationToken)
    {
        try
        {
            if (Document.IsOver)
            {
                return;
            }

            IReadOnlyList<EncodedImage> encoded =
                EncoderModel.EncodeImage([.. Encoders.Select(encoder => encoder.Encoder)], Image, Role, cancellationToken);
            Dictionary<string, MultiVector> vectors = [];
            for (int i = 0; i < encoded.Count; i++)
            {
                vectors.Add(Encoders[i].Space.Name, WithPlace(encoded[i].Rows));
            }

            Document.Deliver(
                EntryIndex, Part, vectors, HasFingerprint ? PictureFingerprint.Of(Image, WithPlace(Place.Whole)) : null,
                GivesTags ? encoded.SelectMany(picture => picture.Tags) : []);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Document.Abandon();
        }
        catch (Exception error) when (!FailureReason.IsOfModel(error))
        {
            (string reason, string? setting) = FailureReason.Of(error);
            Document.FailPicture(EntryIndex, reason, setting);
        }
        finally
        {
            Released?.Invoke();
        }
    }

    private MultiVector WithPlace(MultiVector rows)
    {
        if (Span is null && Box is null)
        {
            return rows;
        }

        Place[] places = new Place[rows.RowCount];
        for (int row = 0; row < places.Length; row++)
        {
            places[row] = WithPlace(rows.Places.IsEmpty ? Place.Whole : rows.Places[row]);
        }

        return new MultiVector(rows.Dimension, rows.Values.ToArray(), places) { Saliency = rows.Saliency };
    }

    private Place WithPlace(Place place)
    {
        if (Box is { } box)
        {
            (float width, float height) = (box.Right - box.Left, box.Bottom - box.Top);
            place = place with
            {
                Left = box.Left + (place.Left * width),
                Top = box.Top + (place.Top * height),
                Right = Math.Min(1, box.Left + (place.Right * width)),
                Bottom = Math.Min(1, box.Top + (place.Bottom * height)),
            };
        }

        return Span is { } span
            ? place with { StartSeconds = (float)span.StartSeconds, EndSeconds = (float)span.EndSeconds }
            : place;
    }
}
