using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>
/// One query vector out of several of the same space. Every vector that comes in is brought to length 1 first, and so is what comes out;
/// norm(x) below is that. Float64 inside.
/// </summary>
public static class VectorComposition
{
    /// <summary>norm(Σ w norm(x)): what is like all of them, and unlike those of negative weight (Jia et al., ALIGN, arXiv:2102.05918;
    /// with signs the analogy a - b + c).</summary>
    /// <exception cref="ArgumentException">There are none, lengths differ, a vector is 0, or they cancel each other out.</exception>
    public static float[] Sum(IReadOnlyList<float[]> vectors, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(weights);
        if (vectors.Count == 0 || vectors.Count != weights.Count)
        {
            throw new ArgumentException($"{weights.Count} weights were given for {vectors.Count} vectors; at least one is needed.");
        }

        double[] sum = new double[vectors[0].Length];
        for (int i = 0; i < vectors.Count; i++)
        {
            Add(sum, Normalize(vectors[i]), weights[i]);
        }

        return ToUnit(sum);
    }

    /// <summary>
    /// Prompt directional vectors (arXiv:2502.07215): d = norm(modified) - norm(context) is the change in words, and
    /// norm((1 - b) norm(v + a d) + b norm(t + a d)) the subject v, and its description t, changed by it. a = 1, b = 1 gives the modified
    /// description, a = 0 the subject (b = 0) or its description (b = 1).
    /// </summary>
    /// <param name="subject">v, a picture.</param>
    /// <param name="context">t, words that say what the picture shows.</param>
    /// <param name="modified">The same words with the change.</param>
    /// <param name="scale">a, how far the change goes.</param>
    /// <param name="textShare">b, in [0, 1]: 0 stays close to how the subject looks, 1 asks for what is said only.</param>
    public static float[] Direct(float[] subject, float[] context, float[] modified, double scale, double textShare)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(textShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(textShare, 1);
        double[] text = Normalize(context);
        double[] change = Normalize(modified);
        Add(change, text, -1);
        double[] picture = Normalize(subject);
        Add(picture, change, scale);
        Add(text, change, scale);
        double[] sum = new double[text.Length];
        AddUnit(sum, picture, 1 - textShare);
        AddUnit(sum, text, textShare);
        return ToUnit(sum);
    }

    /// <summary>The point at a share of the way from one vector to the other on the great circle (arXiv:2405.00571); the straight way where
    /// they are nearly the same.</summary>
    /// <param name="from">Share 0.</param>
    /// <param name="to">Share 1.</param>
    /// <param name="share">In [0, 1].</param>
    /// <exception cref="ArgumentException">They are opposite: there is no one way between them.</exception>
    public static float[] Slerp(float[] from, float[] to, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        double[] a = Normalize(from);
        double[] b = Normalize(to);
        CheckLength(a, b);
        double angle = Math.Acos(Math.Clamp(TensorPrimitives.Dot<double>(a, b), -1, 1));
        double sine = Math.Sin(angle);
        (double first, double second) = sine < 1e-9
            ? (1 - share, share)
            : (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
        double[] sum = new double[a.Length];
        Add(sum, a, first);
        Add(sum, b, second);
        return ToUnit(sum);
    }

    /// <summary>norm(q - w P q), P the projection onto the span of the directions: with weight 1 nothing of them is left in q, and what is
    /// like them gains nothing from it.</summary>
    /// <param name="vector">q.</param>
    /// <param name="directions">What to leave out; directions that depend on each other count once.</param>
    /// <param name="weight">w, in [0, 1].</param>
    /// <exception cref="ArgumentException">q lies within the span: nothing is left.</exception>
    public static float[] ProjectOut(float[] vector, IReadOnlyList<float[]> directions, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, 1);
        double[] left = Normalize(vector);
        double[] whole = [.. left];
        foreach (double[] direction in Orthonormalize(directions.Select(Normalize)))
        {
            Add(left, direction, -weight * TensorPrimitives.Dot<double>(whole, direction));
        }

        return ToUnit(left);
    }

    /// <summary>norm(P q), P the projection onto the span of x - mean(x), x the values of length 1: what of q says in which way the values
    /// differ.</summary>
    /// <param name="vector">q.</param>
    /// <param name="values">At least two.</param>
    /// <returns>Null where nothing of q lies within the span.</returns>
    public static float[]? ProjectOnto(float[] vector, IReadOnlyList<float[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        double[][] units = [.. values.Select(Normalize)];
        double[] mean = new double[units[0].Length];
        foreach (double[] unit in units)
        {
            Add(mean, unit, 1.0 / units.Length);
        }

        foreach (double[] unit in units)
        {
            Add(unit, mean, -1);
        }

        double[] whole = Normalize(vector);
        double[] within = new double[whole.Length];
        foreach (double[] direction in Orthonormalize(units))
        {
            Add(within, direction, TensorPrimitives.Dot<double>(whole, direction));
        }

        return TensorPrimitives.Norm<double>(within) > 1e-6 ? ToUnit(within) : null;
    }

    /// <summary>norm(Σ norm(x)) of the rows: the one vector that is nearest to all of them.</summary>
    public static float[] Mean(MultiVector rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        double[] sum = new double[rows.Dimension];
        for (int row = 0; row < rows.RowCount; row++)
        {
            Add(sum, Normalize(rows.Row(row).ToArray()), 1);
        }

        return ToUnit(sum);
    }

    // Directions that depend on those before them count once.
    private static List<double[]> Orthonormalize(IEnumerable<double[]> directions)
    {
        List<double[]> basis = [];
        foreach (double[] direction in directions)
        {
            foreach (double[] known in basis)
            {
                Add(direction, known, -TensorPrimitives.Dot<double>(direction, known));
            }

            double length = TensorPrimitives.Norm<double>(direction);
            if (length > 1e-6)
            {
                TensorPrimitives.Divide(direction, length, direction);
                basis.Add(direction);
            }
        }

        return basis;
    }

    private static double[] Normalize(float[] vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        double[] values = Array.ConvertAll(vector, value => (double)value);
        double length = TensorPrimitives.Norm<double>(values);
        if (!(length > 0) || !double.IsFinite(length))
        {
            throw new ArgumentException($"A vector has length {length}; it must be finite and above 0.");
        }

        TensorPrimitives.Divide(values, length, values);
        return values;
    }

    // A sum that all but cancels is a direction made of rounding.
    private static float[] ToUnit(double[] sum)
    {
        double length = TensorPrimitives.Norm<double>(sum);
        return length > 1e-6
            ? Array.ConvertAll(sum, value => (float)(value / length))
            : throw new ArgumentException("The parts cancel each other out: nothing is left to search for.");
    }

    private static void AddUnit(double[] sum, double[] vector, double weight)
    {
        double length = TensorPrimitives.Norm<double>(vector);
        if (length > 1e-6)
        {
            Add(sum, vector, weight / length);
        }
    }

    private static void Add(double[] sum, double[] vector, double weight)
    {
        CheckLength(sum, vector);
        TensorPrimitives.MultiplyAdd(vector, weight, sum, sum);
    }

    private static void CheckLength(double[] a, double[] b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"Vectors of {a.Length} and {b.Length} values do not belong to one space.");
        }
    }
}
