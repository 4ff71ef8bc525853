namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Spends bits where they remove most error.</summary>
internal static class BitAllocation
{
    /// <summary>Allocates bits per coordinate to segments, one at a time to the one whose error per bit falls most.</summary>
    /// <param name="errors">Per segment, the error of a coordinate without bits.</param>
    /// <param name="ends">The coordinate after the last one of each segment.</param>
    /// <param name="bitCount">Bits of all coordinates together.</param>
    public static int[] Allocate(ReadOnlySpan<double> errors, ReadOnlySpan<int> ends, long bitCount)
    {
        int[] allocation = new int[errors.Length];
        while (true)
        {
            int best = -1;
            double bestGain = -1;
            for (int segment = 0; segment < errors.Length; segment++)
            {
                int bits = allocation[segment];
                if (bits < BitsModel.MaxBitCount && GetLength(ends, segment) <= bitCount)
                {
                    double gain = errors[segment] * (GaussianSteps.GetError(bits) - GaussianSteps.GetError(bits + 1));
                    if (gain > bestGain)
                    {
                        (best, bestGain) = (segment, gain);
                    }
                }
            }

            if (best < 0)
            {
                return allocation;
            }

            allocation[best]++;
            bitCount -= GetLength(ends, best);
        }
    }

    private static int GetLength(ReadOnlySpan<int> ends, int segment) => ends[segment] - (segment == 0 ? 0 : ends[segment - 1]);
}
