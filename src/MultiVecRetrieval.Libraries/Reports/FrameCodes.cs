using System.Numerics;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>What is held of the frames of a video while videos are compared: a fingerprint each, and 64 bytes for its vector.</summary>
internal sealed class FrameCodes
{
    private readonly List<ulong> _hashes = [];
    private readonly ulong[]? _codes;

    public FrameCodes(FrameTrack track, SignSketch? sketch)
    {
        int[] seen = [.. Enumerable.Range(0, track.Spans.Count).Where(i => track.Hashes[i] != 0)];
        _hashes.AddRange(seen.Select(i => track.Hashes[i]));
        if (track.Vectors is null || sketch is null)
        {
            return;
        }

        _codes = new ulong[seen.Length * SignSketch.WordCount];
        for (int i = 0; i < seen.Length; i++)
        {
            sketch.Encode(track.Vectors[seen[i]], _codes.AsSpan(i * SignSketch.WordCount, SignSketch.WordCount));
        }
    }

    /// <summary>True when at least so many frames are like one of the other video.</summary>
    public bool HasAlike(FrameCodes other, int count, int radius)
    {
        for (int frame = 0; frame < _hashes.Count && count > 0; frame++)
        {
            count -= other.HasNear(_hashes[frame], _codes is null ? [] : GetCode(frame), radius) ? 1 : 0;
        }

        return count <= 0;
    }

    private bool HasNear(ulong hash, ReadOnlySpan<ulong> code, int radius)
    {
        for (int frame = 0; frame < _hashes.Count; frame++)
        {
            if (BitOperations.PopCount(_hashes[frame] ^ hash) <= FrameTrack.MaxFingerprintDistance
                || (code.Length > 0 && SignSketch.Distance(GetCode(frame), code) <= radius))
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<ulong> GetCode(int frame) => _codes.AsSpan(frame * SignSketch.WordCount, SignSketch.WordCount);
}
