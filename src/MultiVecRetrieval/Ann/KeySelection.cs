namespace MultiVecRetrieval.Ann;

/// <summary>Moves the smallest keys of a span to its front, in no particular order.</summary>
internal static class KeySelection
{
    /// <summary>Afterwards the first <paramref name="count"/> keys are the smallest. Quickselect, with the median of three as
    /// pivot.</summary>
    public static void Select(Span<ulong> keys, int count)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            ulong pivot = GetMedian(keys[low], keys[(low + high) >> 1], keys[high]);
            int left = low;
            int right = high;
            while (left <= right)
            {
                while (keys[left] < pivot)
                {
                    left++;
                }

                while (keys[right] > pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (keys[left], keys[right]) = (keys[right], keys[left]);
                    left++;
                    right--;
                }
            }

            // Keys between right and left equal the pivot and are in place.
            if (count <= right + 1)
            {
                high = right;
            }
            else if (count > left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    private static ulong GetMedian(ulong x, ulong y, ulong z) =>
        Math.Max(Math.Min(x, y), Math.Min(Math.Max(x, y), z));
}
