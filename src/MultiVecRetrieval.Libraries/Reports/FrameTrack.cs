using System.Numerics;
using System.Numerics.Tensors;
using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>The frames of a video in the order of time, each by its fingerprint, and by one vector of a space where there is one.</summary>
internal sealed class FrameTrack
{
    /// <summary>Bits of 64 up to which two fingerprints are of the same frame.</summary>
    public const int MaxFingerprintDistance = 10;

    private FrameTrack(List<Moment> spans, List<float[]>? vectors, List<ulong> hashes) =>
        (Spans, Vectors, Hashes) = (spans, vectors, hashes);

    /// <summary>Their spans; they do not overlap.</summary>
    public IReadOnlyList<Moment> Spans { get; }

    /// <summary>Their vectors at length 1; null without a space.</summary>
    public IReadOnlyList<float[]>? Vectors { get; }

    /// <summary>Their fingerprints; 0 for a frame of one colour, which is like nothing: black stands in many videos.</summary>
    public IReadOnlyList<ulong> Hashes { get; }

    /// <summary>The frames of a video; none where it has none in that space, or merged ones whose spans overlap.</summary>
    /// <param name="snapshot">Where it is stored.</param>
    /// <param name="key">Its key.</param>
    /// <param name="space">The space; null for fingerprints alone.</param>
    public static FrameTrack Read(Snapshot snapshot, string key, string? space)
    {
        Fingerprint[] prints =
            [.. snapshot.Entries.GetFingerprints(key).Where(print => print.Place.HasSpan).OrderBy(print => print.Place.StartSeconds)];
        if (space is null)
        {
            return Create([.. prints.Select(print => ToMoment(print.Place))], null, [.. prints.Select(print => print.Hash)]);
        }

        if (snapshot.Entries.GetVectors(key, space) is not { } rows || rows.Places.IsEmpty)
        {
            return Create([], [], []);
        }

        (List<Moment> spans, List<float[]> vectors, List<ulong> hashes) = ([], [], []);
        foreach (FrameRows frame in FrameRows.Of(rows))
        {
            float middle = (frame.Span.StartSeconds + frame.Span.EndSeconds) / 2;
            spans.Add(ToMoment(frame.Span));
            vectors.Add(EntrySimilarity.SumOf(rows, frame.Rows.Select(seen => seen.Row)));
            hashes.Add(prints.FirstOrDefault(print => print.Place.StartSeconds <= middle && middle < print.Place.EndSeconds).Hash);
        }

        return Create(spans, vectors, hashes);
    }

    /// <summary>
    /// The similarity of each two frames, [frames × frames of the other] row-major: of the vectors, or that of fingerprints where it is
    /// higher. Equal fingerprints are a similarity of 1, and those that just count as the same one of <paramref name="threshold"/>.
    /// </summary>
    public float[] Compare(FrameTrack other, double threshold)
    {
        float[] similarities = new float[Spans.Count * other.Spans.Count];
        for (int i = 0; i < Spans.Count; i++)
        {
            for (int j = 0; j < other.Spans.Count; j++)
            {
                similarities[(i * other.Spans.Count) + j] = Hashes[i] == 0 || other.Hashes[j] == 0
                    ? -1
                    : Math.Max(
                        Vectors is null ? -1 : TensorPrimitives.Dot<float>(Vectors[i], other.Vectors![j]),
                        ToSimilarity(BitOperations.PopCount(Hashes[i] ^ other.Hashes[j]), threshold));
            }
        }

        return similarities;
    }

    /// <summary>The similarity that stands for fingerprints of a distance.</summary>
    public static float ToSimilarity(int distance, double threshold) =>
        (float)(1 - ((1 - threshold) * distance / MaxFingerprintDistance));

    // A reduction may merge rows of neighbouring frames; what is left is no order of frames any more.
    private static FrameTrack Create(List<Moment> spans, List<float[]>? vectors, List<ulong> hashes) =>
        Enumerable.Range(1, Math.Max(0, spans.Count - 1)).Any(i => spans[i].StartSeconds < spans[i - 1].EndSeconds - 1e-3)
            ? new FrameTrack([], vectors is null ? null : [], [])
            : new FrameTrack(spans, vectors, hashes);

    private static Moment ToMoment(Place place) => new(place.StartSeconds, place.EndSeconds, 1);
}
