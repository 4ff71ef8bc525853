using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Passages;

/// <summary>A page of lines at given places, as a text layer; letters are half as wide as they are high.</summary>
internal sealed class DrawnPage
{
    private readonly StringBuilder _text = new();
    private readonly List<TextWord> _words = [];

    /// <summary>A line that follows the one before, or begins a new block.</summary>
    public DrawnPage Line(string text, double left, double top, double height = 0.012, bool newBlock = false)
    {
        _text.Append(_words.Count == 0 ? "" : newBlock ? "\n\n" : "\n");
        double x = left;
        bool isFirst = true;
        foreach (string word in text.Split(' '))
        {
            _text.Append(isFirst ? "" : " ");
            double width = word.Length * height / 2;
            _words.Add(new TextWord(_text.Length, word.Length, new Place((float)x, (float)top, (float)(x + width), (float)(top + height))));
            _text.Append(word);
            x += width + (height / 2);
            isFirst = false;
        }

        return this;
    }

    public TextLayer Build() => new(_text.ToString(), _words);
}
