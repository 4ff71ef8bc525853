using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>What is known of a row besides its levels; z = R(x - μ), and ẑ is what the levels stand for with a factor of 1.</summary>
/// <param name="Factor">f, for which f ẑ estimates ⟨q, z⟩ without bias; 0 for a row at the mean.</param>
/// <param name="CenteredNorm">|x - μ|.</param>
/// <param name="Dot">⟨z, ẑ⟩.</param>
/// <param name="SquaredCodeNorm">|ẑ|².</param>
/// <param name="SquaredNorm">|z|².</param>
internal readonly record struct EncodedRow(
    double Factor, double CenteredNorm, double Dot, double SquaredCodeNorm, double SquaredNorm)
{
    /// <summary>Bounds |(x - μ) - Rᵀ(f ẑ)| from above, for the factor that is stored.</summary>
    /// <remarks>
    /// |z - f ẑ| in float64; then the float32 sums of the rotation, at most γ_(d+1)·√d·|x - μ| off, as each row of R has length 1; then R
    /// itself, which is orthogonal up to η: |v| ≤ |R v|/√(1 - η) and |f ẑ - R Rᵀ f ẑ| ≤ η|f ẑ|.
    /// </remarks>
    public double GetErrorBound(double factor, int dimension, double orthogonalityError)
    {
        double squared = SquaredNorm - (2 * factor * Dot) + (factor * factor * SquaredCodeNorm);
        double distance = Math.Sqrt(Math.Max(0, squared) + (1e-11 * (SquaredNorm + (factor * factor * SquaredCodeNorm))));
        double rotation = Rounding.Gamma(dimension + 2) * Math.Sqrt(dimension) * CenteredNorm * (1 + orthogonalityError);
        return (distance + rotation + (orthogonalityError * factor * Math.Sqrt(SquaredCodeNorm))) * (1 + orthogonalityError + 1e-9);
    }
}
