namespace MultiVecRetrieval.Ann;

/// <summary>Copies the row at <paramref name="index"/> into <paramref name="destination"/>, of d values. Called from several
/// threads.</summary>
public delegate void RowReader(int index, Span<float> destination);
