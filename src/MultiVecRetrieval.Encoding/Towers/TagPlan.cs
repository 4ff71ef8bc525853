namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Which output names pictures, and how.</summary>
/// <param name="Output">Name of the output [1, tags].</param>
/// <param name="Names">The names of each class: its own and those of its kinds; none for one that is never given.</param>
/// <param name="Threshold">Probability from which a tag is given.</param>
internal sealed record TagPlan(string Output, string[][] Names, float Threshold)
{
    /// <summary>The tags of a picture, most likely first. Probabilities of equal names are added.</summary>
    public IReadOnlyList<ImageTag> Read(ReadOnlySpan<float> probabilities)
    {
        Dictionary<string, float> sums = new(StringComparer.Ordinal);
        for (int i = 0; i < probabilities.Length; i++)
        {
            foreach (string name in Names[i])
            {
                sums[name] = sums.GetValueOrDefault(name) + probabilities[i];
            }
        }

        return [.. sums.Where(tag => tag.Value >= Threshold).OrderByDescending(tag => tag.Value)
            .ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => new ImageTag(tag.Key, tag.Value))];
    }
}
