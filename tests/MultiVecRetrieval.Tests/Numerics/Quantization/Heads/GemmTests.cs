using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Heads;

public class GemmTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 8, 32, 128 }, { 7, 31, 5 }, { 9, 33, 129 }, { 3, 70, 300 }, { 130, 17, 40 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_AnyShapeAndTransposition_IsTheChainOfFusedMultiplyAdds(int rows, int columns, int steps)
    {
        Random random = new(rows + columns + steps);
        Matrix a = RandomMatrix(random, rows, steps);
        Matrix b = RandomMatrix(random, steps, columns);
        Matrix start = RandomMatrix(random, rows, columns);
        Matrix expected = start.Clone();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k < steps; k++)
                {
                    expected[i][j] = MathF.FusedMultiplyAdd(a[i][k], b[k][j], expected[i][j]);
                }
            }
        }

        foreach (InstructionSet level in Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported))
        {
            for (int form = 0; form < 4; form++)
            {
                Matrix actual = start.Clone();

                Gemm.Multiply(
                    (form & 1) == 0 ? a : Transpose(a), (form & 1) != 0, (form & 2) == 0 ? b : Transpose(b), (form & 2) != 0, actual,
                    accumulate: true, threads: 1 + form, level);

                Assert.Equal(expected.Values, actual.Values);
            }
        }
    }

    [Fact]
    public void Multiply_NotAccumulating_ForgetsWhatCHeld()
    {
        Matrix c = new(1, 1, [float.NaN]);

        Gemm.Multiply(new Matrix(1, 2, [1, 2]), false, new Matrix(2, 1, [3, 4]), false, c);

        Assert.Equal(11, c.Values[0]);
    }

    [Fact]
    public void Multiply_ShapesThatDoNotFit_SaysWhich()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => Gemm.Multiply(new Matrix(2, 3), false, new Matrix(4, 5), false, new Matrix(2, 5)));

        Assert.Contains("[2 x 3] x [4 x 5] into [2 x 5]", exception.Message, StringComparison.Ordinal);
    }

    private static Matrix RandomMatrix(Random random, int rows, int columns)
    {
        Matrix matrix = new(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++)
        {
            matrix.Values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return matrix;
    }

    private static Matrix Transpose(Matrix matrix)
    {
        Matrix transposed = new(matrix.Columns, matrix.Rows);
        for (int i = 0; i < matrix.Rows; i++)
        {
            for (int j = 0; j < matrix.Columns; j++)
            {
                transposed[j][i] = matrix[i][j];
            }
        }

        return transposed;
    }
}
