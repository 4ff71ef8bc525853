using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>How far the neighbours of a query by code are from its neighbours by float: the mean over rows of KL(teacher ‖
/// student).</summary>
internal static class DistillationLoss
{
    /// <summary>Adds <paramref name="weight"/> times dL/d logits to <paramref name="gradient"/>.</summary>
    /// <param name="logits">Of the codes, [batch × batch].</param>
    /// <param name="teacher">Of the float rows, [batch × batch]; overwritten. Minus infinity leaves a pair out of both.</param>
    /// <returns>The loss, times the weight.</returns>
    public static double Add(Matrix logits, Matrix teacher, float weight, Matrix gradient, int threads)
    {
        int count = logits.Rows;
        double[] losses = new double[count];
        float share = weight / count;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            Span<float> wanted = teacher[i];
            float[] values = new float[wanted.Length];
            Span<float> student = values;
            logits[i].CopyTo(student);
            for (int j = 0; j < student.Length; j++)
            {
                student[j] = float.IsNegativeInfinity(wanted[j]) ? float.NegativeInfinity : student[j];
            }

            double studentNormalizer = RowMath.Softmax(student);
            ReadOnlySpan<float> studentLogits = logits[i];
            float[] teacherLogits = wanted.ToArray();
            double teacherNormalizer = RowMath.Softmax(wanted);
            Span<float> target = gradient[i];
            double loss = 0;
            for (int j = 0; j < student.Length; j++)
            {
                target[j] += share * (student[j] - wanted[j]);
                if (wanted[j] > 0)
                {
                    loss += wanted[j] * ((teacherLogits[j] - teacherNormalizer) - (studentLogits[j] - studentNormalizer));
                }
            }

            losses[i] = loss;
        });
        double sum = 0;
        foreach (double loss in losses)
        {
            sum += loss;
        }

        return sum * share;
    }
}
