using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Adam with decoupled weight decay and a bound on the norm of the whole gradient.</summary>
/// <remarks>Sources: Kingma and Ba, arXiv:1412.6980; Loshchilov and Hutter, arXiv:1711.05101.</remarks>
internal sealed class AdamOptimizer(IReadOnlyList<Parameter> parameters, float maxGradientNorm, float weightDecay)
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
    // Powers of the betas, multiplied up: a library's Pow may differ from one system to the next.
    private double _power1 = 1, _power2 = 1;

    /// <summary>One step along the gradients that the parameters hold.</summary>
    /// <returns>The norm of the gradient before it was bounded.</returns>
    public double Step(float learningRate)
    {
        double squares = 0;
        foreach (Parameter parameter in parameters)
        {
            for (int row = 0; row < parameter.Gradient.Rows; row++)
            {
                squares += RowMath.Dot(parameter.Gradient[row], parameter.Gradient[row]);
            }
        }

        double norm = Math.Sqrt(squares);
        float scale = norm > maxGradientNorm ? (float)(maxGradientNorm / norm) : 1;
        _power1 *= Beta1;
        _power2 *= Beta2;
        float correction1 = (float)(1 / (1 - _power1)), correction2 = (float)(1 / (1 - _power2));
        foreach (Parameter parameter in parameters)
        {
            Span<float> values = parameter.Values.Span;
            ReadOnlySpan<float> gradient = parameter.Gradient.Span;
            float[] first = parameter.FirstMoment, second = parameter.SecondMoment;
            float keep = parameter.Decays ? 1 - (learningRate * weightDecay) : 1;
            for (int i = 0; i < values.Length; i++)
            {
                float g = gradient[i] * scale;
                first[i] = (Beta1 * first[i]) + ((1 - Beta1) * g);
                second[i] = (Beta2 * second[i]) + ((1 - Beta2) * g * g);
                values[i] = (values[i] * keep) - (learningRate * first[i] * correction1 / (MathF.Sqrt(second[i] * correction2) + Epsilon));
            }
        }

        return norm;
    }
}
