namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary>How the sums of a plane are added: how much fits a byte.</summary>
/// <param name="ByteCount">Bytes of bits of a row.</param>
/// <param name="StepsPerByteSum">Steps of three bytes whose lookups add up to 255 at most; 0: not even one step, but any eight places, and
/// both halves of a step's four wide lookups.</param>
internal readonly record struct PlaneShape(int ByteCount, int StepsPerByteSum)
{
    /// <summary>The largest Σ |w_k| over places that are added in a byte: it must be 255 at most.</summary>
    public int GetLargestByteSum(ReadOnlySpan<short> weights)
    {
        int largest = 0;
        if (StepsPerByteSum > 0)
        {
            int length = StepsPerByteSum * PlaneTables.StepByteCount * 8;
            for (int first = 0; first < weights.Length; first += length)
            {
                largest = Math.Max(largest, Sum(weights.Slice(first, Math.Min(length, weights.Length - first))));
            }

            return largest;
        }

        const int stepLength = PlaneTables.StepByteCount * 8;
        for (int first = 0; first < weights.Length; first += stepLength)
        {
            ReadOnlySpan<short> step = weights[first..Math.Min(first + stepLength, weights.Length)];
            int lower = Sum(step[..PlaneTables.LowerBitCount]);
            int all = 0;
            for (int place = 0; place < step.Length; place += 8)
            {
                int octet = Sum(step.Slice(place, 8));
                largest = Math.Max(largest, octet);
                all += octet;
            }

            // The wide lookups 0 and 1 are added in one byte, 2 and 3 in another.
            lower += step.Length > 8 ? Sum(step.Slice(8, PlaneTables.LowerBitCount)) : 0;
            largest = Math.Max(largest, Math.Max(lower, all - lower));
        }

        return largest;
    }

    private static int Sum(ReadOnlySpan<short> weights)
    {
        int sum = 0;
        foreach (short weight in weights)
        {
            sum += Math.Abs(weight);
        }

        return sum;
    }
}
