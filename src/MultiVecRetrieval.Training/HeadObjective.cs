using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// The loss of a batch of pairs and its gradient by the outputs of the network. A query stays float, a document is quantised, and the
/// part of the inner product along the mean query is exact, as the code's scorer has it:
/// s(q, x) = ⟨u_q - mean, v_x⟩ + ⟨direction, u_x⟩, divided by m·τ.
/// </summary>
/// <param name="quantizer">Of the documents.</param>
/// <param name="queryMean">Mean of the query rows, [m].</param>
/// <param name="direction">The mean query as it enters the inner product, [m]: <paramref name="queryMean"/> and the image of the
/// origin.</param>
/// <param name="temperature">τ.</param>
/// <param name="threads">At least 1.</param>
internal sealed class HeadObjective(RecurrentQuantizer quantizer, float[] queryMean, float[] direction, float temperature, int threads)
{
    private readonly float _scale = 1 / (temperature * queryMean.Length);

    /// <summary>Weight of <see cref="ContrastiveLoss"/>.</summary>
    public float ContrastiveWeight { get; init; } = 1;

    /// <summary>Weight of <see cref="DistillationLoss"/>; used with a teacher.</summary>
    public float DistillationWeight { get; init; }

    /// <summary>Adds the loss of new queries against new documents.</summary>
    /// <param name="queries">Outputs of the network for the queries, [batch × m].</param>
    /// <param name="documents">Outputs for their documents.</param>
    /// <param name="isNegative">See <see cref="ContrastiveLoss.Add"/>.</param>
    /// <param name="teacher">Logits of the float rows, or null; overwritten.</param>
    /// <param name="queryGradient">dL/d queries is added here.</param>
    /// <param name="documentGradient">dL/d documents is added here.</param>
    public double Add(
        Matrix queries, Matrix documents, Func<int, int, bool> isNegative, Matrix? teacher, Matrix queryGradient, Matrix documentGradient)
    {
        Matrix codes = new(documents.Rows, documents.Columns);
        ForRows(codes.Rows, row => quantizer.Quantize(documents[row], codes[row]));
        float[] biases = GetBiases(documents);
        Matrix logitGradient = new(queries.Rows, documents.Rows);
        double loss =
            AddLogits(queries, codes, biases, isNegative, teacher, ContrastiveWeight, queryGradient, logitGradient, out Matrix centered);

        Matrix codeGradient = new(codes.Rows, codes.Columns);
        Gemm.Multiply(logitGradient, true, centered, false, codeGradient, threads: threads);
        float[] biasGradient = new float[codes.Rows];
        for (int i = 0; i < logitGradient.Rows; i++)
        {
            RowMath.AddScaled(logitGradient[i], 1, biasGradient);
        }

        ForRows(codes.Rows, row =>
        {
            quantizer.Backpropagate(documents[row], codeGradient[row], documentGradient[row]);
            RowMath.AddScaled(direction, biasGradient[row], documentGradient[row]);
        });
        return loss;
    }

    /// <summary>Adds the loss of new queries against documents whose codes are given and stay.</summary>
    /// <param name="codes">v of the documents, [batch × m].</param>
    /// <param name="biases">⟨direction, u⟩ of the documents.</param>
    public double AddFrozen(
        Matrix queries, Matrix codes, float[] biases, Func<int, int, bool> isNegative, float weight, Matrix queryGradient) =>
        AddLogits(queries, codes, biases, isNegative, null, weight, queryGradient, new Matrix(queries.Rows, codes.Rows), out _);

    /// <summary>s(q, x) / (m·τ) of queries and quantised documents; the queries come back centred.</summary>
    public Matrix GetLogits(Matrix queries, Matrix codes, float[] biases, out Matrix centered)
    {
        Matrix rows = queries.Clone();
        ForRows(rows.Rows, row =>
        {
            RowMath.AddScaled(queryMean, -1, rows[row]);
        });
        Matrix logits = new(queries.Rows, codes.Rows);
        for (int i = 0; i < logits.Rows; i++)
        {
            biases.CopyTo(logits[i]);
        }

        Gemm.Multiply(rows, false, codes, true, logits, accumulate: true, threads: threads);
        Span<float> all = logits.Span;
        for (int i = 0; i < all.Length; i++)
        {
            all[i] *= _scale;
        }

        centered = rows;
        return logits;
    }

    /// <summary>⟨direction, u⟩ of each row.</summary>
    public float[] GetBiases(Matrix documents)
    {
        float[] biases = new float[documents.Rows];
        for (int row = 0; row < biases.Length; row++)
        {
            biases[row] = RowMath.Dot(direction, documents[row]);
        }

        return biases;
    }

    private double AddLogits(
        Matrix queries, Matrix codes, float[] biases, Func<int, int, bool> isNegative, Matrix? teacher, float weight, Matrix queryGradient,
        Matrix logitGradient, out Matrix centered)
    {
        Matrix logits = GetLogits(queries, codes, biases, out centered);
        double loss = weight > 0 ? ContrastiveLoss.Add(logits, isNegative, weight, logitGradient) : 0;
        if (teacher is not null && DistillationWeight > 0)
        {
            loss += DistillationLoss.Add(logits, teacher, DistillationWeight, logitGradient, threads);
        }

        Span<float> all = logitGradient.Span;
        for (int i = 0; i < all.Length; i++)
        {
            all[i] *= _scale;
        }

        Gemm.Multiply(logitGradient, false, codes, false, queryGradient, accumulate: true, threads: threads);
        return loss;
    }

    private void ForRows(int count, Action<int> action) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, action);
}
