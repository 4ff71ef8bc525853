using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A repository at a revision, as people write it.</summary>
/// <param name="Repository">owner/name.</param>
/// <param name="Revision">A branch, a tag or a commit.</param>
/// <param name="Entry">The model of the catalogue that was named; null for a repository.</param>
internal sealed partial record ModelReference(string Repository, string Revision, CatalogModel? Entry)
{
    /// <summary>The name that its folder gets when nobody gives one.</summary>
    public string DefaultName => Entry?.Name ?? Repository[(Repository.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <exception cref="ArgumentException">It is neither a name of the catalogue nor owner/name.</exception>
    public static ModelReference Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string model = at < 0 ? text : text[..at];
        string? revision = at < 0 ? null : text[(at + 1)..];
        if (revision is not null && !RevisionPattern().IsMatch(revision))
        {
            throw new ArgumentException($"'{revision}' is no revision: a branch, a tag or a commit.");
        }

        if (ModelCatalog.Find(model) is { } entry)
        {
            return new ModelReference(entry.Repository, revision ?? entry.Revision, entry);
        }

        return IsRepository(model)
            ? new ModelReference(model, revision ?? "main", Entry: null)
            : throw new ArgumentException(
                $"'{model}' is neither a repository (owner/name) nor in the catalogue: {string.Join(", ", ModelCatalog.Models.Select(known => known.Name))}.");
    }

    /// <summary>True for a name that a folder may have: letters, digits, '.', '-', '_', and no dot in front.</summary>
    public static bool IsFolderName(string name) => NamePattern().IsMatch(name);

    private static bool IsRepository(string text) => text.Split('/') is [var owner, var name] && IsFolderName(owner) && IsFolderName(name);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}\z")]
    private static partial Regex RevisionPattern();
}
