namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The grid of patches that a picture becomes within a budget.</summary>
/// <param name="Rows">Rows of patches, at least 1.</param>
/// <param name="Columns">Columns of patches, at least 1.</param>
/// <remarks>Source: the image processor of SigLIP2 in transformers, whose bisection this repeats step by step.</remarks>
internal readonly record struct PatchBudgetGrid(int Rows, int Columns)
{
    private const double Precision = 1e-5;
    private const double LargestScale = 100;

    /// <summary>The largest scale, within 10⁻⁵, at which both sides, rounded up to patches, stay within the budget.</summary>
    public static PatchBudgetGrid Compute(int width, int height, int patchSide, int maxPatches)
    {
        (double low, double high) = (Precision / 10, LargestScale);
        while (high - low >= Precision)
        {
            double scale = (low + high) / 2;
            PatchBudgetGrid grid = At(scale);
            if ((double)grid.Rows * grid.Columns <= maxPatches)
            {
                low = scale;
            }
            else
            {
                high = scale;
            }
        }

        return At(low).CutTo(maxPatches);

        PatchBudgetGrid At(double scale) => new(Patches(height * scale), Patches(width * scale));

        int Patches(double length) => Math.Max(1, (int)Math.Ceiling(length / patchSide));
    }

    // At the smallest scale a very long picture may still exceed the budget; the tensor has no room for more.
    private PatchBudgetGrid CutTo(int maxPatches) => (long)Rows * Columns <= maxPatches
        ? this
        : new PatchBudgetGrid(Math.Min(Rows, maxPatches), Math.Min(Columns, Math.Max(1, maxPatches / Math.Min(Rows, maxPatches))));
}
