namespace MultiVecRetrieval;

/// <summary>Inputs that a model is to encode.</summary>
public sealed record EncodeRequest
{
    /// <summary>Name or folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The inputs.</summary>
    public required IReadOnlyList<EncodeInput> Inputs { get; init; }

    /// <summary>Leading values of a row that are kept, of a model that allows it (<see cref="Encoding.ModelContract.CanShorten"/>); null,
    /// the default, keeps all.</summary>
    public int? Dimension { get; init; }

    /// <summary>True to read the beginning of a text that is too long for the model, with a notice; false, the default, to refuse
    /// it.</summary>
    public bool Truncates { get; init; }
}
