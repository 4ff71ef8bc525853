namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>A row of a tail as its kernel reads it.</summary>
internal ref struct TailRow
{
    /// <summary>The whole steps of the row.</summary>
    public ref byte Steps;

    /// <summary>One more step, what is left of the row and then zeros, so that nothing is read past the row.</summary>
    public ref byte LastStep;

    /// <summary>The number of whole steps.</summary>
    public int StepCount;

    /// <summary>False when d is a multiple of the values of a step.</summary>
    public bool HasLastStep;

    /// <summary>The row's scale; 1 for float rows.</summary>
    public float Scale;
}
