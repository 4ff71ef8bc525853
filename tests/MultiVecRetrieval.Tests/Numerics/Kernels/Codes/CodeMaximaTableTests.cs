using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Tests.Numerics.Kernels.Codes;

public sealed class CodeMaximaTableTests
{
    // Whole runs of 16, what is left over in 4 or in 8, more than a panel of 64.
    public static TheoryData<int> QueryRowCounts => [1, 3, 4, 5, 8, 9, 15, 16, 17, 20, 21, 24, 25, 31, 32, 33, 36, 40, 41, 48, 52, 63, 64];

    [Theory]
    [MemberData(nameof(QueryRowCounts))]
    public void Raise_AnyCodes_IsTheDefinitionAtEveryInstructionSet(int queryRowCount)
    {
        const int CodeCount = 300;
        Random random = new(Seed: queryRowCount);
        float[] similarities = [.. Enumerable.Range(0, queryRowCount * CodeCount).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        int runs = (queryRowCount + CodeMaximaTable.Run - 1) / CodeMaximaTable.Run;
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            CodeMaximaTable table = new(instructionSet, similarities, queryRowCount, CodeCount);
            foreach (int count in new[] { 0, 1, 2, 7, 120 })
            {
                ushort[] codes = [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(CodeCount))];
                float[] maxima = new float[runs * CodeMaximaTable.Run];
                Array.Fill(maxima, float.NegativeInfinity);

                table.Raise<ushort>(0, codes, maxima);

                for (int row = 0; row < queryRowCount; row++)
                {
                    Assert.Equal(codes.Select(code => similarities[(row * CodeCount) + code]).Append(float.NegativeInfinity).Max(),
                        maxima[row]);
                }
            }
        }
    }

    [Fact]
    public void Raise_RowsFromALaterPanelOn_ReadsTheirRuns()
    {
        const int QueryRowCount = 86;
        float[] similarities = [.. Enumerable.Range(0, QueryRowCount * 3).Select(i => (float)i)];
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            CodeMaximaTable table = new(instructionSet, similarities, QueryRowCount, codeCount: 3);
            float[] maxima = new float[2 * CodeMaximaTable.Run];

            table.Raise<ushort>(64, [0, 2], maxima);

            Assert.Equal(Enumerable.Range(64, QueryRowCount - 64).Select(row => (float)((row * 3) + 2)), maxima[..(QueryRowCount - 64)]);
        }
    }
}
