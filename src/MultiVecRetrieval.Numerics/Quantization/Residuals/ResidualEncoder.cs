using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Finds the scales and the bits of rows, eight at a time; keeps what that needs, so each thread has its own.</summary>
/// <remarks>
/// A row is a lane: each adds in the order of its coordinates, in operations that round one by one, so a row gets the same codes among any
/// others and at every instruction set.
/// </remarks>
internal sealed class ResidualEncoder
{
    /// <summary>Rows of a block.</summary>
    public const int LaneCount = 8;

    // Around the deviation of a row from the sample's: flatter rows are best at a smaller scale, peaked ones at a larger.
    private static readonly float[] ScaleFactors = [0.75f, 0.92f, 1.1f, 1.35f];

    private readonly ResidualModel _model;
    private readonly float[] _cutoffs;
    private readonly double[] _inverseDeviations;
    private readonly int _spreadCount;

    // [coordinate][8 rows], and [code][8 rows].
    private readonly float[] _rotated;
    private readonly float[] _left;
    private readonly float[] _restored;
    private readonly int[] _codes;

    /// <summary>Prepares an encoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="codeCount">Codes of 4 bits of a row.</param>
    public ResidualEncoder(ResidualModel model, int codeCount)
    {
        _model = model;
        _rotated = new float[model.Dimension * LaneCount];
        _left = new float[_rotated.Length];
        _restored = new float[_rotated.Length];
        _codes = new int[codeCount * LaneCount];
        _cutoffs = new float[model.Levels.Length];
        foreach (ResidualPart part in model.Parts)
        {
            for (int level = part.FirstLevel; level < part.FirstLevel + part.LevelCount - 1; level++)
            {
                _cutoffs[level] = (model.Levels[level] / 2) + (model.Levels[level + 1] / 2);
            }
        }

        _inverseDeviations = [.. model.BitCounts.Select((bits, k) => bits > 0 && model.Deviations[k] > 0 ? 1.0 / model.Deviations[k] : 0)];
        _spreadCount = _inverseDeviations.Count(inverse => inverse > 0);
    }

    /// <summary>Encodes rows.</summary>
    /// <param name="rotated">z = R(x - C) of up to eight rows, [rows × d]; becomes what they are restored to.</param>
    /// <param name="codes">Takes their codes of 4 bits, [rows × codes].</param>
    /// <param name="scales">Takes a scale per row.</param>
    public void Encode(Span<float> rotated, Span<byte> codes, Span<byte> scales)
    {
        Debug.Assert(scales.Length <= LaneCount && rotated.Length == scales.Length * _model.Dimension, "Up to eight rows.");
        RowLanes.Load(rotated, _model.Dimension, _rotated);
        Span<double> guesses = stackalloc double[LaneCount];
        GetSpreads(guesses);
        Span<int> best = stackalloc int[LaneCount];
        FindScales(guesses, best);
        Array.Clear(_restored);
        Array.Clear(_codes);
        Quantize(best);
        RowLanes.Store(_restored, _model.Dimension, rotated);
        int codeCount = _codes.Length / LaneCount;
        for (int row = 0; row < scales.Length; row++)
        {
            scales[row] = (byte)best[row];
            for (int code = 0; code < codeCount; code++)
            {
                codes[(row * codeCount) + code] = (byte)_codes[(code * LaneCount) + row];
            }
        }
    }

    // The root of the mean squared coordinate, each in units of its own deviation.
    private void GetSpreads(Span<double> spreads)
    {
        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        ref float rotated = ref MemoryMarshal.GetArrayDataReference(_rotated);
        for (int k = 0; k < _inverseDeviations.Length; k++)
        {
            if (_inverseDeviations[k] > 0)
            {
                Vector256<double> inverse = Vector256.Create(_inverseDeviations[k]);
                (Vector256<double> first, Vector256<double> second) =
                    Vector256.Widen(Vector256.LoadUnsafe(ref rotated, (nuint)(k * LaneCount)));
                first *= inverse;
                second *= inverse;
                lower += first * first;
                upper += second * second;
            }
        }

        for (int lane = 0; lane < LaneCount; lane++)
        {
            double sum = lane < LaneCount / 2 ? lower[lane] : upper[lane - (LaneCount / 2)];
            spreads[lane] = _spreadCount == 0 ? 0 : Math.Sqrt(sum / _spreadCount);
        }
    }

    // 0 for a row that is its centroid, or that nothing comes close to, which is one beyond float32.
    private void FindScales(ReadOnlySpan<double> guesses, Span<int> best)
    {
        best.Clear();
        Span<double> leastErrors = stackalloc double[LaneCount];
        leastErrors.Fill(double.PositiveInfinity);
        Span<int> scales = stackalloc int[LaneCount];
        Span<double> errors = stackalloc double[LaneCount];
        foreach (float factor in ScaleFactors)
        {
            for (int lane = 0; lane < LaneCount; lane++)
            {
                scales[lane] = guesses[lane] > 0 ? (int)Math.Clamp(Math.Round(guesses[lane] * factor), 1, ResidualModel.MaxScale) : 1;
            }

            MeasureErrors(scales, errors);
            for (int lane = 0; lane < LaneCount; lane++)
            {
                if (guesses[lane] > 0 && errors[lane] < leastErrors[lane])
                {
                    (best[lane], leastErrors[lane]) = (scales[lane], errors[lane]);
                }
            }
        }
    }

    // The squared error of each row at a scale.
    private void MeasureErrors(ReadOnlySpan<int> scales, Span<double> errors)
    {
        Divide(scales);
        ref float left = ref MemoryMarshal.GetArrayDataReference(_left);
        ref float levels = ref MemoryMarshal.GetArrayDataReference(_model.Levels);
        ref float cutoffs = ref MemoryMarshal.GetArrayDataReference(_cutoffs);
        foreach (ResidualPart part in _model.Parts)
        {
            // The level above the last cutoff that lies below the value.
            nuint offset = (nuint)(part.Coordinate * LaneCount);
            Vector256<float> value = Vector256.LoadUnsafe(ref left, offset);
            Vector256<float> restored = Vector256.Create(Unsafe.Add(ref levels, part.FirstLevel));
            for (int level = part.FirstLevel; level < part.FirstLevel + part.LevelCount - 1; level++)
            {
                Vector256<float> isAbove = Vector256.GreaterThan(value, Vector256.Create(Unsafe.Add(ref cutoffs, level)));
                restored = Vector256.ConditionalSelect(isAbove, Vector256.Create(Unsafe.Add(ref levels, level + 1)), restored);
            }

            (value - restored).StoreUnsafe(ref left, offset);
        }

        Vector256<double> lower = Vector256<double>.Zero;
        Vector256<double> upper = Vector256<double>.Zero;
        for (int i = 0; i < _left.Length; i += LaneCount)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.LoadUnsafe(ref left, (nuint)i));
            lower += first * first;
            upper += second * second;
        }

        for (int lane = 0; lane < LaneCount; lane++)
        {
            double error = lane < LaneCount / 2 ? lower[lane] : upper[lane - (LaneCount / 2)];
            errors[lane] = error * scales[lane] * scales[lane];
        }
    }

    // Sets the codes of each row at its scale, and what they restore; leaves both 0 at scale 0.
    private void Quantize(ReadOnlySpan<int> scales)
    {
        Span<int> divisors = stackalloc int[LaneCount];
        for (int lane = 0; lane < LaneCount; lane++)
        {
            divisors[lane] = Math.Max(1, scales[lane]);
        }

        Divide(divisors);
        Vector256<int> scale = Vector256.Create(scales);
        Vector256<int> isCoded = Vector256.GreaterThan(scale, Vector256<int>.Zero);
        Vector256<float> multiplier = Vector256.ConvertToSingle(scale);
        ref float left = ref MemoryMarshal.GetArrayDataReference(_left);
        ref float sums = ref MemoryMarshal.GetArrayDataReference(_restored);
        ref int codes = ref MemoryMarshal.GetArrayDataReference(_codes);
        foreach (ResidualPart part in _model.Parts)
        {
            nuint offset = (nuint)(part.Coordinate * LaneCount);
            Vector256<float> value = Vector256.LoadUnsafe(ref left, offset);
            Vector256<float> restored = Vector256.Create(_model.Levels[part.FirstLevel]);
            Vector256<int> chosen = Vector256<int>.Zero;
            for (int level = part.FirstLevel; level < part.FirstLevel + part.LevelCount - 1; level++)
            {
                Vector256<float> isAbove = Vector256.GreaterThan(value, Vector256.Create(_cutoffs[level]));
                restored = Vector256.ConditionalSelect(isAbove, Vector256.Create(_model.Levels[level + 1]), restored);
                chosen -= isAbove.AsInt32();
            }

            (value - restored).StoreUnsafe(ref left, offset);
            (Vector256.LoadUnsafe(ref sums, offset) + (multiplier * restored)).StoreUnsafe(ref sums, offset);
            nuint place = (nuint)(part.Code * LaneCount);
            (Vector256.LoadUnsafe(ref codes, place) | Vector256.ShiftLeft(chosen & isCoded, part.Shift)).StoreUnsafe(ref codes, place);
        }
    }

    // The rows in units of their scales.
    private void Divide(ReadOnlySpan<int> scales)
    {
        Vector256<float> inverse = Vector256<float>.One / Vector256.ConvertToSingle(Vector256.Create(scales));
        ref float rotated = ref MemoryMarshal.GetArrayDataReference(_rotated);
        ref float left = ref MemoryMarshal.GetArrayDataReference(_left);
        for (int i = 0; i < _left.Length; i += LaneCount)
        {
            (Vector256.LoadUnsafe(ref rotated, (nuint)i) * inverse).StoreUnsafe(ref left, (nuint)i);
        }
    }
}
