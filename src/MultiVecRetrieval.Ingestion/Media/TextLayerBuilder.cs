using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Joins words to a text: a space between words, a line break between lines, an empty line between blocks.</summary>
internal sealed class TextLayerBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<TextWord> _words = [];
    private string _separator = "";

    /// <summary>Adds a word; control characters are dropped, and a word of nothing else is none.</summary>
    public void AddWord(string word, Place place)
    {
        string clean = Clean(word);
        if (clean.Length == 0)
        {
            return;
        }

        _text.Append(_separator);
        _words.Add(new TextWord(_text.Length, clean.Length, place));
        _text.Append(clean);
        _separator = " ";
    }

    /// <summary>Ends the line.</summary>
    public void EndLine()
    {
        if (_separator == " ")
        {
            _separator = "\n";
        }
    }

    /// <summary>Ends the block.</summary>
    public void EndBlock()
    {
        if (_words.Count > 0)
        {
            _separator = "\n\n";
        }
    }

    /// <summary>The text with its words.</summary>
    public TextLayer Build() => new(_text.ToString(), _words);

    /// <summary>A word without control characters.</summary>
    public static string Clean(string word) =>
        (word.Any(char.IsControl) ? string.Concat(word.Where(c => !char.IsControl(c))) : word).Trim();
}
