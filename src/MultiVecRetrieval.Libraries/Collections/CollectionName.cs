namespace MultiVecRetrieval.Libraries.Collections;

/// <summary>Names of collections are names of folders, so they are kept to characters that no file system reads specially.</summary>
internal static class CollectionName
{
    private const int MaxLength = 128;

    /// <exception cref="ArgumentException">The name has other characters, starts with a dot, or is too long.</exception>
    public static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsValid(name)
            ? name
            : throw new ArgumentException(
                $"'{name}' is no collection name: expected 1 to {MaxLength} letters a-z, digits, '.', '_' or '-', starting with a letter or digit.",
                nameof(name));
    }

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
