namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>A kind of reduction, for help and error messages.</summary>
/// <param name="Name">How its spec begins, in lower case.</param>
/// <param name="Usage">How it is written, with its arguments.</param>
/// <param name="Summary">What it does, one sentence.</param>
public sealed record ReductionFamily(string Name, string Usage, string Summary)
{
    internal Func<string, ReductionArguments, RowReducer> Create { get; init; } = null!;
}
