using System.Globalization;

namespace MultiVecRetrieval.Eval.Trec;

/// <summary>One line of a TREC file: fields before the key, the key (which may contain blanks), fields after it.</summary>
internal sealed record TrecLine(string Path, int LineNumber, string[] Leading, string Key, string[] Trailing)
{
    public static IEnumerable<TrecLine> ReadAll(string path, int leading, int trailing, string expected)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Split(path, number, line, leading, trailing, expected);
            }
        }
    }

    private static TrecLine Split(string path, int number, string line, int leading, int trailing, string expected)
    {
        string rest = line.Trim();
        string[] before = new string[leading];
        string[] after = new string[trailing];
        for (int i = 0; i < leading; i++)
        {
            int end = rest.IndexOfAny([' ', '\t']);
            if (end < 0)
            {
                throw new TrecFormatException(path, number, expected, line);
            }

            before[i] = rest[..end];
            rest = rest[end..].TrimStart(' ', '\t');
        }
        for (int i = trailing - 1; i >= 0; i--)
        {
            int start = rest.LastIndexOfAny([' ', '\t']);
            if (start < 0)
            {
                throw new TrecFormatException(path, number, expected, line);
            }

            after[i] = rest[(start + 1)..];
            rest = rest[..start].TrimEnd(' ', '\t');
        }
        return rest.Length > 0
            ? new TrecLine(path, number, before, rest, after)
            : throw new TrecFormatException(path, number, expected, line);
    }

    public double Number(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new TrecFormatException(Path, LineNumber, "a finite number", field);

    public static void RequireId(string id)
    {
        if (id.Length == 0 || id.Any(char.IsWhiteSpace))
        {
            throw new ArgumentException($"A query or run id is not empty and has no white space; got '{id}'.", nameof(id));
        }
    }

    public static void RequireKey(string key)
    {
        if (key.Length == 0 || key != key.Trim() || key.AsSpan().ContainsAny('\n', '\r', '\t'))
        {
            throw new ArgumentException($"A key in a TREC file is not empty and has no tabs, line breaks or outer blanks; got '{key}'.",
                nameof(key));
        }
    }
}
