namespace MultiVecRetrieval;

/// <summary>Files were to be indexed into a collection whose vectors come from its clients: no encoder is known that would fill its
/// space.</summary>
public sealed class ClientVectorsException : InvalidOperationException
{
    internal ClientVectorsException(string collection, string space)
        : base($"The collection '{collection}' holds vectors that clients bring (space '{space}'), and nobody knows what encodes files for "
            + "them: store vectors into it, or index the files into a collection of its own.") =>
        (Collection, Space) = (collection, space);

    /// <summary>Name of the collection.</summary>
    public string Collection { get; }

    /// <summary>Name of its first such space.</summary>
    public string Space { get; }

    internal static void ThrowIfIn(string name, Collection collection)
    {
        if (collection.Spaces.FirstOrDefault(VectorSpec.IsOfClient) is { } space)
        {
            throw new ClientVectorsException(name, VectorSpec.ToName(space.Name));
        }
    }
}
