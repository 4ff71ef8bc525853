using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Bits;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class PlaneSumsTests
{
    // Bytes of bits: every remainder of a step of three, and the most a code has; with each, how much is added in a byte.
    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int byteCount in (int[])[1, 2, 3, 4, 5, 6, 7, 16, 31, 64, 512])
            {
                foreach (int steps in (int[])[0, 1, 2, 5, 10])
                {
                    data.Add(byteCount, steps);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Add_WeightsAtTheLimitOfBytesAndWords_GivesTheExactSumsAtEveryInstructionSet(int byteCount, int steps)
    {
        foreach (bool isEqual in (bool[])[false, true])
        {
            short[][] weights = [.. Enumerable.Range(0, 4).Select(row => LargestWeights(row + byteCount, byteCount, steps, isEqual))];
            byte[] codes = new byte[2 * 2 * byteCount * PlaneSums.BlockRowCount];
            new Random(byteCount).NextBytes(codes);

            // The first row agrees with every weight of the first query row: the largest sum there is.
            for (int k = 0; k < byteCount * 8; k++)
            {
                ref byte octet = ref codes[((byteCount + (k / 8)) * PlaneSums.BlockRowCount) + 0];
                octet = (byte)(weights[0][k] > 0 ? octet | (1 << (k % 8)) : octet & ~(1 << (k % 8)));
            }

            foreach (InstructionSet set in KernelSamples.SupportedInstructionSets())
            {
                InstructionSet level = PlaneSums.GetLevel(set);
                foreach (int height in (int[])[1, 4])
                {
                    byte[] tables = new byte[PlaneTables.GetSize(level, byteCount, height)];
                    short[] all = [.. weights.Take(height).SelectMany(row => row)];
                    PlaneTables.Fill(level, all, byteCount, height, tables);
                    ushort[] sums = new ushort[4 * PlaneSums.BlockRowCount];
                    PlanePlace[] one = [new PlanePlace(0, byteCount)];
                    PlaneSums.Add(level, one, [0], steps, height, block: 1, codes, tables, sums);

                    Assert.Equal(SumPlainly(codes, weights, height, byteCount, [byteCount * PlaneSums.BlockRowCount]),
                        sums[..(height * 64)]);
                }
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Add_TwoPlanes_CountsTheFirstTwice(int byteCount)
    {
        short[][] weights = [.. Enumerable.Range(0, 4).Select(row => LargestWeights(row, byteCount, steps: 1, isEqual: false))];
        byte[] codes = new byte[2 * 2 * byteCount * PlaneSums.BlockRowCount];
        new Random(byteCount).NextBytes(codes);
        int size = byteCount * PlaneSums.BlockRowCount;
        foreach (InstructionSet set in KernelSamples.SupportedInstructionSets())
        {
            InstructionSet level = PlaneSums.GetLevel(set);
            foreach (int height in (int[])[1, 4])
            {
                byte[] tables = new byte[PlaneTables.GetSize(level, byteCount, height)];
                PlaneTables.Fill(level, [.. weights.Take(height).SelectMany(row => row)], byteCount, height, tables);
                ushort[] sums = new ushort[4 * PlaneSums.BlockRowCount];
                PlanePlace[] planes = [new PlanePlace(0, byteCount), new PlanePlace(2 * size, byteCount)];
                PlaneSums.Add(level, planes, [0, 0], stepsPerByteSum: 1, height, block: 1, codes, tables, sums);

                ushort[] first = SumPlainly(codes, weights, height, byteCount, [size]);
                ushort[] second = SumPlainly(codes, weights, height, byteCount, [3 * size]);
                Assert.Equal(first.Zip(second, (x, y) => (ushort)((2 * x) + y)), sums[..(height * 64)]);
            }
        }
    }

    // Random weights scaled up until one more would break a byte or a word; equal ones sit exactly at the limit of a byte.
    private static short[] LargestWeights(int seed, int byteCount, int steps, bool isEqual)
    {
        Random random = new(seed);
        double[] values =
            [.. Enumerable.Range(0, byteCount * 8).Select(_ => isEqual ? (random.Next(2) * 2) - 1 : (random.NextDouble() * 2) - 1)];
        PlaneShape shape = new(byteCount, steps);
        short[] best = new short[values.Length];
        for (double scale = 0.5; scale < 300; scale += 0.25)
        {
            short[] weights = [.. values.Select(value => (short)Math.Round(value * scale))];
            if (shape.GetLargestByteSum(weights) > byte.MaxValue || weights.Sum(weight => Math.Abs(weight)) > ushort.MaxValue)
            {
                break;
            }

            best = weights;
        }

        return best;
    }

    private static ushort[] SumPlainly(byte[] codes, short[][] weights, int height, int byteCount, int[] offsets)
    {
        ushort[] sums = new ushort[height * 64];
        for (int queryRow = 0; queryRow < height; queryRow++)
        {
            for (int row = 0; row < 64; row++)
            {
                int place = row < 32 ? 2 * row : (2 * row) - 63;
                int sum = 0;
                for (int k = 0; k < byteCount * 8; k++)
                {
                    bool bit = ((codes[offsets[0] + (k / 8 * 64) + place] >> (k % 8)) & 1) == 1;
                    sum += bit == weights[queryRow][k] > 0 ? Math.Abs(weights[queryRow][k]) : 0;
                }

                sums[(queryRow * 64) + row] = checked((ushort)sum);
            }
        }

        return sums;
    }
}
