using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Sidecars;

/// <summary>
/// Which files of a walk belong to others, and which documents must be read again because a file beside them is new, changed or gone.
/// The ledger has a row for each such file, excluded with the name of its owner; that row says what the owner was read with.
/// </summary>
internal sealed class SidecarPlan
{
    /// <summary>Why a document that is stored is pending; the ledger keeps it until the document was read again.</summary>
    public const string ChangedReason = "a file beside it changed; it is read again";

    private const string BelongsTo = "belongs to ";

    private readonly SidecarFiles _files = new();

    /// <summary>Paths of the documents that must be read again.</summary>
    public HashSet<string> ChangedOwners { get; } = new(StringComparer.Ordinal);

    /// <summary>Looks at the files of a walk and at the rows of those that are gone.</summary>
    public static SidecarPlan Make(IEnumerable<FoundFile> found, IEnumerable<SourceFile> gone, SourceTable ledger)
    {
        SidecarPlan plan = new();
        FoundFile[] files = [.. found];
        plan._files.Unread.UnionWith(files.Where(file => IsUnread(file, ledger.Find(file))).Select(file => file.FullPath));
        foreach (FoundFile file in files)
        {
            IReadOnlyList<string> owners = file.Exclusion is null && file.Problem is null ? plan._files.FindOwners(file.FullPath) : [];
            SourceFile? row = ledger.Find(file);
            bool isSettled = row is { State: SourceState.Excluded } && row.Reason == Describe(owners) && SourceTable.IsCurrent(row, file);
            if (owners.Count > 0 && !isSettled)
            {
                plan.ChangedOwners.UnionWith(owners);
            }
        }

        foreach (SourceFile row in gone.Where(row => row.Reason?.StartsWith(BelongsTo, StringComparison.Ordinal) == true))
        {
            plan.ChangedOwners.UnionWith(plan._files.FindOwners(IndexScope.FullPath(row)));
        }

        return plan;
    }

    /// <summary>Why a file is no document of its own; null when it is one.</summary>
    public string? FindReason(FoundFile file) => Describe(_files.FindOwners(file.FullPath));

    // Left out, or damaged as an earlier run found: the text beside it would be nowhere.
    private static bool IsUnread(FoundFile file, SourceFile? row) => file.Exclusion is not null
        || (row is { State: SourceState.Failed, ContentHash: not null } && SourceTable.IsCurrent(row, file));

    private static string? Describe(IReadOnlyList<string> owners) =>
        owners.Count == 0 ? null : BelongsTo + string.Join(", ", owners.Select(Path.GetFileName));
}
