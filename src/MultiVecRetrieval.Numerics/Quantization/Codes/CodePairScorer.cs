using System.Numerics;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores two codes per row: Σ_i max_j (T[i, c_j] + R[i, e_j]), the sum in the parentheses rounded to float32.</summary>
internal sealed class CodePairScorer<TCode, TResidual>(CodeTable table, CodeTable residualTable, InstructionSet instructionSet)
    : CodeChunkScorer(table, Unsafe.SizeOf<TCode>(), Unsafe.SizeOf<TResidual>())
    where TCode : unmanaged, IBinaryInteger<TCode>
    where TResidual : unmanaged, IBinaryInteger<TResidual>
{
    private readonly float[] _values = table.Transpose(GetWidth(table));
    private readonly float[] _residualValues = residualTable.Transpose(GetWidth(table));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Raise(CodeChunk chunk, int entry, int firstRow, Span<float> maxima) => CodeMaxima.RaiseSums(
        instructionSet, _values, chunk.GetCodes<TCode>(entry), _residualValues, chunk.GetResidualCodes<TResidual>(entry), Width, firstRow,
            maxima);

    /// <inheritdoc/>
    /// <remarks>⟨q, d⟩ = ⟨q, c + e⟩ + ⟨q, d - c - e⟩, and by Cauchy and Schwarz the last is at most |q| times the distance of d from c +
    /// e.</remarks>
    protected override float GetBound(CodeChunk chunk, int entry)
    {
        double distance = (double)EntryReach.Read(chunk.Reaches, entry).Spread;

        // Both tables and the exact products may err; a row is at most as long as its centroids and its distance from them.
        double norm = (2 * (Table.MaxCentroidNorm + residualTable.MaxCentroidNorm)) + distance;
        double slack = 2 * Table.RoundingError * norm;
        return Rounding.Up(Sum(chunk, entry) + (Table.QueryNormSum == 0 ? 0 : Table.QueryNormSum * (distance + slack)));
    }
}
