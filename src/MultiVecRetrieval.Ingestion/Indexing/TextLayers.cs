using System.Text;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Puts texts together.</summary>
internal static class TextLayers
{
    /// <summary>One text behind the other, as blocks of their own.</summary>
    public static TextLayer Join(IReadOnlyList<TextLayer> layers)
    {
        StringBuilder text = new();
        List<TextWord> words = [];
        foreach (TextLayer layer in layers)
        {
            text.Append(text.Length > 0 ? "\n\n" : "");
            int start = text.Length;
            text.Append(layer.Text);
            words.AddRange(layer.Words.Select(word => word with { Offset = start + word.Offset }));
        }

        return new TextLayer(text.ToString(), words);
    }
}
