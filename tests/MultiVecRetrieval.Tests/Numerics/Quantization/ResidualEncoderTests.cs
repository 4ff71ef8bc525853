using MultiVecRetrieval.Numerics.Quantization.Residuals;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class ResidualEncoderTests
{
    // 0 to 8 bits a coordinate: parts of every size, coordinates of several parts and of none. Every number of rows up to a block and
    // beyond.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(45)]
    [InlineData(128)]
    public void Encode_AnyRows_IsWhatTheDefinitionSaysToTheLastBit(int dimension)
    {
        Random random = new(Seed: dimension);
        ResidualModel model = CreateModel(random, dimension, out int codeCount);
        ResidualEncoder encoder = new(model, codeCount);
        for (int rowCount = 1; rowCount <= ResidualEncoder.LaneCount; rowCount++)
        {
            float[] rows = CreateRows(random, rowCount, dimension);
            float[] rotated = [.. rows];
            byte[] codes = new byte[rowCount * codeCount];
            byte[] scales = new byte[rowCount];

            encoder.Encode(rotated, codes, scales);

            for (int row = 0; row < rowCount; row++)
            {
                byte[] expectedCodes = new byte[codeCount];
                float[] expectedRestored = new float[dimension];
                byte expectedScale = Encode(model, rows.AsSpan(row * dimension, dimension), expectedCodes, expectedRestored);
                Assert.Equal(expectedScale, scales[row]);
                Assert.Equal(expectedCodes, codes[(row * codeCount)..((row + 1) * codeCount)]);
                Assert.Equal(expectedRestored, rotated[(row * dimension)..((row + 1) * dimension)]);
            }
        }
    }

    // The definition, one row: of four scales around the guess the one of the least error; each part takes the level above the last cutoff,
    // halfway between levels, that lies below what the parts before it left.
    private static byte Encode(ResidualModel model, ReadOnlySpan<float> rotated, byte[] codes, float[] restored)
    {
        double guess = GetSpread(model, rotated);
        int best = 0;
        double leastError = double.PositiveInfinity;
        foreach (float factor in guess > 0 ? new[] { 0.75f, 0.92f, 1.1f, 1.35f } : [])
        {
            int scale = (int)Math.Clamp(Math.Round(guess * factor), 1, ResidualModel.MaxScale);
            double error = Quantize(model, rotated, scale, new int[model.Parts.Length]);
            (best, leastError) = error < leastError ? (scale, error) : (best, leastError);
        }

        int[] chosen = new int[model.Parts.Length];
        if (best == 0)
        {
            return 0;
        }

        Quantize(model, rotated, best, chosen);
        for (int i = 0; i < chosen.Length; i++)
        {
            ResidualPart part = model.Parts[i];
            codes[part.Code] |= (byte)(chosen[i] << part.Shift);
            restored[part.Coordinate] += best * model.Levels[part.FirstLevel + chosen[i]];
        }

        return (byte)best;
    }

    private static double GetSpread(ResidualModel model, ReadOnlySpan<float> rotated)
    {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < rotated.Length; k++)
        {
            if (model.BitCounts[k] > 0 && model.Deviations[k] > 0)
            {
                double value = rotated[k] * (1.0 / model.Deviations[k]);
                sum += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    private static double Quantize(ResidualModel model, ReadOnlySpan<float> rotated, int scale, int[] chosen)
    {
        float[] left = new float[rotated.Length];
        for (int k = 0; k < left.Length; k++)
        {
            left[k] = rotated[k] * (1f / scale);
        }

        for (int i = 0; i < model.Parts.Length; i++)
        {
            ResidualPart part = model.Parts[i];
            float[] levels = model.Levels[part.FirstLevel..(part.FirstLevel + part.LevelCount)];
            float value = left[part.Coordinate];
            chosen[i] = levels.Zip(levels.Skip(1)).Count(pair => value > (pair.First / 2) + (pair.Second / 2));
            left[part.Coordinate] -= levels[chosen[i]];
        }

        double error = 0;
        foreach (float value in left)
        {
            error += (double)value * value;
        }

        return error * scale * scale;
    }

    private static ResidualModel CreateModel(Random random, int dimension, out int codeCount)
    {
        byte[] bitCounts = [.. Enumerable.Range(0, dimension).Select(_ => (byte)random.Next(0, ResidualModel.MaxBitCount + 1))];
        codeCount = ResidualPart.GetCodeCount(bitCounts.Sum(bits => bits));
        float[] rotation = new float[dimension * dimension];
        for (int k = 0; k < dimension; k++)
        {
            rotation[(k * dimension) + k] = 1;
        }

        float[] deviations = [.. Enumerable.Range(0, dimension).Select(k => k % 7 == 3 ? 0 : 0.01f * (1 + random.NextSingle()))];
        ResidualPart[] parts = ResidualPart.Divide(bitCounts, codeCount);
        float[] levels =
            [.. parts.SelectMany(part => Enumerable.Range(0, part.LevelCount).Select(_ => 0.03f * (random.NextSingle() - 0.5f)).Order())];
        return new ResidualModel(rotation, bitCounts, codeCount, deviations, levels);
    }

    // Rows of very different lengths: below a scale of 1, beyond 255, zero, and beyond float32.
    private static float[] CreateRows(Random random, int rowCount, int dimension)
    {
        float[] lengths = [1, 0.001f, 20, 0, 1e4f, 1e37f, 1e-42f];
        float[] rows = new float[rowCount * dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = lengths[(i / dimension + rowCount) % lengths.Length] * (random.NextSingle() - 0.5f);
        }

        return rows;
    }
}
