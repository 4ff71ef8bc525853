using System.Security.Cryptography;

namespace MultiVecRetrieval.ModelFolders;

/// <summary>Checks that a file of a package is the one that was measured.</summary>
internal static class KnownFile
{
    /// <summary>Returns the bytes when their SHA-256 is the expected one.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public static byte[] Check(string name, byte[] bytes, string expected)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == expected
            ? bytes
            : throw new InvalidDataException($"{name} has the SHA-256 {found}, expected {expected}; the models are made of known files only.");
    }
}
