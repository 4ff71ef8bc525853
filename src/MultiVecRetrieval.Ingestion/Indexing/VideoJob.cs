using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>The frames of a whole video that wait to be encoded as one input, for the models that take it so.</summary>
internal sealed class VideoJob : EncodeJob
{
    public required VideoClip Clip { get; init; }

    /// <summary>The spaces whose models take as many frames.</summary>
    public required IReadOnlyList<SpaceEncoder> Encoders { get; init; }

    public override void Encode(CancellationToken cancellationToken)
    {
        try
        {
            if (Document.IsOver)
            {
                return;
            }

            Dictionary<string, MultiVector> vectors = Encoders.ToDictionary(
                encoder => encoder.Space.Name, encoder => encoder.Encoder.EncodeVideo(Clip, cancellationToken));
            Document.Deliver(EntryIndex, Part, vectors, fingerprint: null, tags: []);
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
    }
}
