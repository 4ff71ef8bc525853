using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Folds characters to a-z and 0-9: the letters and digits of their compatibility decomposition (NFKD), lower case.</summary>
/// <remarks>
/// A table of our own, because .NET leaves text as it is when built without ICU. It holds the 1,900 characters of Unicode 14 whose
/// NFKD has a letter or digit of ASCII: <c>C0*aaa</c> folds a run of code points one by one, <c>132=ij</c> one to several, and
/// <c>_</c> stands for a sign that ends a word (½ is 1 and 2).
/// </remarks>
internal static class LetterFolds
{
    private static readonly FrozenDictionary<int, string> Folds = Read();

    /// <summary>What a character folds to; null when it is no such character. A space ends a word.</summary>
    public static string? Find(Rune rune) => Folds.GetValueOrDefault(rune.Value);

    private static FrozenDictionary<int, string> Read()
    {
        Dictionary<int, string> folds = [];
        Assembly assembly = typeof(LetterFolds).Assembly;
        using StreamReader reader = new(assembly.GetManifestResourceStream("letter-folds.txt")!);
        while (reader.ReadLine() is { } line)
        {
            int separator = line.AsSpan().IndexOfAny('*', '=');
            int codePoint = int.Parse(line.AsSpan(0, separator), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string letters = line[(separator + 1)..].Replace('_', ' ');
            if (line[separator] == '=')
            {
                folds.Add(codePoint, letters);
                continue;
            }

            for (int i = 0; i < letters.Length; i++)
            {
                folds.Add(codePoint + i, letters[i..(i + 1)]);
            }
        }

        return folds.ToFrozenDictionary();
    }
}
