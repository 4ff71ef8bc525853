using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>The properties of a PDF that are worth filtering by.</summary>
internal static class PdfMetadata
{
    private static readonly string[] Names = ["Author", "Subject", "Keywords"];

    public static Dictionary<string, MetadataValue> Of(PdfInformation pdf)
    {
        Dictionary<string, MetadataValue> metadata = [];
        foreach (string name in Names)
        {
            if (pdf.Properties.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value))
            {
                string clean = value.Trim();
                metadata.Add(name.ToLowerInvariant(), name == "Keywords" ? KeywordList.Split(clean) ?? clean : clean);
            }
        }

        return metadata;
    }
}
