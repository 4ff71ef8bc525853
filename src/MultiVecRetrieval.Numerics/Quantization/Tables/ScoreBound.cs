using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>From the score of restored rows to a bound of the score of the original ones.</summary>
/// <remarks>
/// ⟨q, d⟩ = ⟨q, d̂⟩ + ⟨q, d - d̂⟩ and the last is at most |q| |d - d̂|; a maximum moves by no more than its inputs. So Σ|q_i| times the
/// largest |d - d̂| of the entry covers the whole MaxSim.
/// </remarks>
internal readonly struct ScoreBound
{
    private readonly double _queryNorm;
    private readonly double _storedNorm;
    private readonly double _roundingError;

    /// <summary>Prepares the bounds of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="storedNorm">A length that no restored row exceeds.</param>
    public ScoreBound(MultiVectorView query, double storedNorm)
    {
        for (int i = 0; i < query.RowCount; i++)
        {
            _queryNorm += Rounding.Norm(query.Row(i));
        }

        _storedNorm = storedNorm;

        // The products with centroids and those of the float32 MaxSim may err to opposite sides; the few more are for the last sums.
        _roundingError = 2 * Rounding.Gamma(query.Dimension + 8);
    }

    /// <summary>A bound of the float32 MaxSim.</summary>
    /// <param name="score">The score of the restored rows, or a bound of it.</param>
    /// <param name="error">The largest distance of a restored row of the entry from the original.</param>
    public float Raise(double score, double error) =>
        Rounding.Up(score + (_queryNorm * (error + (_roundingError * (_storedNorm + error)))));
}
