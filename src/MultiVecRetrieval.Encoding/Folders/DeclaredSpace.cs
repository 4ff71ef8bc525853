using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Spaces that folders name: their own, or one that another encoder fills.</summary>
internal static class DeclaredSpace
{
    private const int IdLength = 32;
    private const int LongestName = 200;

    /// <summary>The id of a folder's own space: that of its declared name, else <paramref name="computed"/>.</summary>
    /// <exception cref="ModelFormatException">The name is none.</exception>
    public static SpaceId OfFolder(EncoderDescription description, SpaceId computed, Findings findings)
    {
        if (description.Space is not { } name)
        {
            return computed;
        }

        CheckName(name, "space", findings);
        findings.Add("declared space", name, EncoderDescription.FileName);
        findings.Warn($"Its space is the declared one '{name}': that other folders of this name give comparable vectors is not checked.");
        return OfName(name);
    }

    /// <summary>The space that a folder encodes queries for; null for a folder of both sides.</summary>
    /// <exception cref="ModelFormatException">It is neither an id nor a name, or a space of its own is declared beside it.</exception>
    public static SpaceId? OfQueries(EncoderDescription description, Findings findings)
    {
        if (description.CompatibleWith is not { } space)
        {
            return null;
        }

        if (description.Space is not null)
        {
            throw findings.Refuse($"{EncoderDescription.FileName} says space and compatibleWith; a folder fills a space or asks another.");
        }

        CheckName(space, "compatibleWith", findings);
        bool isId = space.Length == IdLength && space.All(char.IsAsciiHexDigitLower);
        findings.Add("queries for the space", space, EncoderDescription.FileName);
        return isId ? new SpaceId(space) : OfName(space);
    }

    /// <summary>The id of a declared name.</summary>
    public static SpaceId OfName(string name) => ModelDetection.HashIdentity("declared space " + name);

    private static void CheckName(string name, string key, Findings findings)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl))
        {
            throw findings.Refuse(
                $"{EncoderDescription.FileName}: {key} is a name of 1 to {LongestName} characters{(key == "space" ? "" : ", or an id of 32 hexadecimal digits")}.");
        }
    }
}
