namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>What a tail kernel needs to know of a row format and an instruction set: one step along d of one row.</summary>
/// <typeparam name="TSum">The running partial sums of one query row with one entry row.</typeparam>
/// <typeparam name="TValues">The entry row's values of one step.</typeparam>
internal interface ITailShape<TSum, TValues>
    where TSum : struct
    where TValues : struct
{
    /// <summary>Bytes of an entry row in one step; a query row's are always <see cref="TailScorer.QueryStepSize"/>.</summary>
    static abstract int StepSize { get; }

    /// <summary>Reads the step at <paramref name="source"/>.</summary>
    static abstract TValues Load(ref byte source);

    /// <summary>Adds the products of the values with those of the query row at <paramref name="query"/>.</summary>
    static abstract TSum MultiplyAdd(TSum sum, TValues values, ref byte query);

    /// <summary>Adds the partial sums; Int8 then takes away <paramref name="offset"/> and multiplies with
    /// <paramref name="scale"/>.</summary>
    static abstract float Reduce(TSum sum, int offset, float scale);
}
