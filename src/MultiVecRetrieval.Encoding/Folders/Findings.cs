namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>Collects what was detected in a folder, with its reason, while it is being read.</summary>
internal sealed class Findings(string folder)
{
    private readonly List<KeyValuePair<string, string>> _details = [];
    private readonly List<string> _warnings = [];

    public string Folder => folder;

    public IReadOnlyList<KeyValuePair<string, string>> Details => _details;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(string subject, string value, string source) => _details.Add(new(subject, $"{value} ({source})"));

    public void AddAll(IEnumerable<KeyValuePair<string, string>> details) => _details.AddRange(details);

    public void Warn(string warning) => _warnings.Add(warning);

    public ModelFormatException Refuse(string reason) => new(folder, reason);
}
