namespace MultiVecRetrieval.Measuring;

/// <summary>How many entries codes rank strictly above a score.</summary>
/// <param name="ascending">The scores of all entries by their codes, ascending.</param>
internal readonly struct CodeRanks(ReadOnlyMemory<float> ascending)
{
    public int CountAbove(float score)
    {
        ReadOnlySpan<float> scores = ascending.Span;
        int low = 0;
        int high = scores.Length;
        while (low < high)
        {
            int middle = low + ((high - low) >> 1);
            if (scores[middle] <= score)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return scores.Length - low;
    }
}
