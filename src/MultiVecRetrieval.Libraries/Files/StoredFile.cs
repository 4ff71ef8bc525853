namespace MultiVecRetrieval;

/// <summary>A file that was given to the library, in no collection yet or in several.</summary>
public sealed record StoredFile
{
    /// <summary>Its id: <c>file-</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name that it is stored under.</summary>
    public required string FileName { get; init; }

    /// <summary>What it is for, in the words of who gave it.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Length of the file.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>When it was given; of a file that lies elsewhere when it was changed.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True when the library holds it; false for a file that was indexed where it lies.</summary>
    public bool IsHeld { get; init; }
}
