using System.Runtime.InteropServices;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>Scores some entries by the codes of a tier; the same scores as a scan of all of them.</summary>
internal sealed class CandidateCodes(EntryLayout layout, QueryScorers scorers, LiveTier tier)
{
    /// <summary>Candidates that one work item scores: those of one chunk, in parts when they are many.</summary>
    private const int PartLength = 64;

    /// <summary>Pieces of codes that turned out to be damaged.</summary>
    public int DamagedCount { get; private set; }

    /// <summary>Replaces the score of each candidate by that of its codes.</summary>
    /// <param name="candidates">In the order of their positions.</param>
    /// <param name="threads">How many at most.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <returns>Those without sound codes, which are taken out of <paramref name="candidates"/>.</returns>
    public List<ScoredId> Score(List<ScoredId> candidates, int threads, CancellationToken cancellationToken)
    {
        List<Part> parts = Divide(candidates);
        bool[] isCoded = new bool[parts.Count];
        ScanThreads.Run(parts.Count, threads,
            i => isCoded[i] = TryScore(parts[i], CollectionsMarshal.AsSpan(candidates).Slice(parts[i].First, parts[i].Count)),
            cancellationToken);
        if (!isCoded.Contains(false))
        {
            return [];
        }

        List<ScoredId> uncoded = [];
        List<ScoredId> coded = [];
        for (int i = 0; i < parts.Count; i++)
        {
            (isCoded[i] ? coded : uncoded).AddRange(candidates[parts[i].First..(parts[i].First + parts[i].Count)]);
            DamagedCount += !isCoded[i] && parts[i].Chunk >= 0 ? 1 : 0;
        }

        candidates.Clear();
        candidates.AddRange(coded);
        return uncoded;
    }

    private List<Part> Divide(List<ScoredId> candidates)
    {
        List<Part> parts = [];
        int segment = 0;
        for (int i = 0; i < candidates.Count;)
        {
            while (layout.GetFirst(segment + 1) <= candidates[i].Id)
            {
                segment++;
            }

            int index = candidates[i].Id - layout.GetFirst(segment);
            CodesReader? codes = layout.Segments[segment].FindCodes(tier.Record.Id)?.Reader;
            int chunk = codes is null ? -1 : codes.FindChunk(index);
            int end = layout.GetFirst(segment)
                + (codes is null
                ? layout.GetFirst(segment + 1) - layout.GetFirst(segment)
                : codes.Chunks[chunk].FirstEntry + codes.Chunks[chunk].EntryCount);
            int first = i;
            while (i < candidates.Count && candidates[i].Id < end && i - first < PartLength)
            {
                i++;
            }

            parts.Add(new Part(segment, chunk, first, i - first));
        }

        return parts;
    }

    private bool TryScore(Part part, Span<ScoredId> candidates)
    {
        if (part.Chunk < 0 || tier.Method.Codec is not { } codec)
        {
            return false;
        }

        CodesReader reader = layout.Segments[part.Segment].FindCodes(tier.Record.Id)!.Reader!;
        if (!reader.TryGetChunk(part.Chunk, codec, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        ChunkRecord chunk = reader.Chunks[part.Chunk];
        int firstPosition = layout.GetFirst(part.Segment) + chunk.FirstEntry;
        Span<int> entries = stackalloc int[PartLength];
        Span<float> scores = stackalloc float[PartLength];
        for (int i = 0; i < candidates.Length; i++)
        {
            entries[i] = candidates[i].Id - firstPosition;
        }

        scorers.GetCodes(codec).Score(bytes, chunk.EntryCount, entries[..candidates.Length], scores[..candidates.Length]);
        for (int i = 0; i < candidates.Length; i++)
        {
            candidates[i] = candidates[i] with { Score = scores[i] };
        }

        return true;
    }

    // Candidates [First, First + Count) lie in one chunk of one segment; the chunk is negative when the segment has no codes.
    private readonly record struct Part(int Segment, int Chunk, int First, int Count);
}
