using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Joins the words that a picture shows at several scales; a word seen at two scales is kept once.</summary>
/// <remarks>
/// Words are taken by falling saliency (ties: the smaller scale first, then reading order). A word whose box overlaps that of a kept
/// word of another scale, with a cosine above the merge threshold, is the same word and is left out.
/// </remarks>
internal static class ScaleMerger
{
    /// <summary>The rows of all scales, in the order of scales and, within one, of reading.</summary>
    public static MultiVector Merge(IReadOnlyList<ScaleWords> scales, InkGridDescription description)
    {
        List<Candidate> candidates = [];
        for (int scale = 0; scale < scales.Count; scale++)
        {
            foreach (WordCells word in scales[scale].Words)
            {
                Place place = scales[scale].GetPlace(word, description.CellWidth, description.CellHeight);
                candidates.Add(new Candidate(scale, word, place, candidates.Count));
            }
        }

        List<Candidate> kept = scales.Count == 1 ? candidates : KeepDistinct(candidates, scales, description.MergeCosine);
        int dimension = scales[0].Grid.Dimension;
        float[] values = new float[kept.Count * dimension];
        for (int i = 0; i < kept.Count; i++)
        {
            scales[kept[i].Scale].Grid.Vector(kept[i].Word.Cell).CopyTo(values.AsSpan(i * dimension));
        }

        return new MultiVector(dimension, values, [.. kept.Select(candidate => candidate.Place)])
        {
            Saliency = kept.Select(candidate => candidate.Word.Saliency).ToArray(),
        };
    }

    private static List<Candidate> KeepDistinct(List<Candidate> candidates, IReadOnlyList<ScaleWords> scales, float mergeCosine)
    {
        List<Candidate> kept = [];
        foreach (Candidate candidate in candidates.OrderByDescending(candidate => candidate.Word.Saliency)
            .ThenBy(candidate => candidate.Order))
        {
            ReadOnlySpan<float> vector = scales[candidate.Scale].Grid.Vector(candidate.Word.Cell);
            bool isNew = true;
            foreach (Candidate other in kept)
            {
                if (other.Scale != candidate.Scale
                    && Overlap(other.Place, candidate.Place)
                    && TensorPrimitives.Dot(scales[other.Scale].Grid.Vector(other.Word.Cell), vector) > mergeCosine)
                {
                    isNew = false;
                    break;
                }
            }

            if (isNew)
            {
                kept.Add(candidate);
            }
        }

        kept.Sort((x, y) => x.Order.CompareTo(y.Order));
        return kept;
    }

    private static bool Overlap(Place x, Place y) =>
        x.Left < y.Right && y.Left < x.Right && x.Top < y.Bottom && y.Top < x.Bottom;

    private readonly record struct Candidate(int Scale, WordCells Word, Place Place, int Order);
}
