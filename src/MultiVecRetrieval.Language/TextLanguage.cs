using System.Collections.Frozen;
using Lucene.Net.Tartarus.Snowball;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace MultiVecRetrieval.Language;

/// <summary>A language of which the common words and the endings are known.</summary>
/// <remarks>Word lists and stemmers are those of the Snowball project, as Lucene.Net.Analysis.Common carries them.</remarks>
public sealed class TextLanguage
{
    // A page of prose has a third of such words; program text and tables have few. Fewer say nothing about the language.
    private const double MinShare = 0.08;

    // A character of private use for each language: no text has it by accident, and the index takes it for a letter. The numbers are
    // stored; a new language gets a new one.
    private const char FirstMark = '\uE000';

    private const int MaxRememberedWords = 50_000;

    // What the English list keeps in its notes: words of questions, hardly ever of answers.
    private static readonly string[] Auxiliaries = ["can", "cannot", "could", "may", "might", "must", "shall", "will", "just", "please"];

    private readonly Func<SnowballProgram> _createStemmer;
    private readonly char _mark;

    private TextLanguage(int number, string name, Func<SnowballProgram> createStemmer)
    {
        Name = name;
        _createStemmer = createStemmer;
        _mark = (char)(FirstMark + number);
        CommonWords = ReadWords($"{name}_stop.txt", name == "english" ? Auxiliaries : []);
    }

    /// <summary>The known languages; where several fit equally well, the first one counts.</summary>
    public static IReadOnlyList<TextLanguage> All { get; } =
    [
        new(0, "english", () => new EnglishStemmer()),
        new(1, "german", () => new German2Stemmer()),
        new(2, "french", () => new FrenchStemmer()),
        new(3, "spanish", () => new SpanishStemmer()),
        new(4, "italian", () => new ItalianStemmer()),
        new(5, "portuguese", () => new PortugueseStemmer()),
        new(6, "dutch", () => new DutchStemmer()),
        new(7, "swedish", () => new SwedishStemmer()),
        new(8, "danish", () => new DanishStemmer()),
        new(9, "norwegian", () => new NorwegianStemmer()),
        new(10, "finnish", () => new FinnishStemmer()),
        new(11, "russian", () => new RussianStemmer()),
        new(12, "hungarian", () => new HungarianStemmer()),
    ];

    /// <summary>Its English name in lower case.</summary>
    public string Name { get; }

    /// <summary>English, which is also what Latin text is taken for that shows no language: program text, tables, names.</summary>
    public static TextLanguage English => All[0];

    /// <summary>Its commonest words, folded: they tell languages apart and hardly ever what a text is about.</summary>
    public FrozenSet<string> CommonWords { get; }

    /// <summary>The language whose common words make the largest share of these words; null when none has enough of them.</summary>
    public static TextLanguage? Guess(IEnumerable<string> surfaces)
    {
        int count = 0;
        int[] common = new int[All.Count];
        foreach (string surface in surfaces)
        {
            count++;
            for (int i = 0; i < common.Length; i++)
            {
                common[i] += All[i].CommonWords.Contains(surface) ? 1 : 0;
            }
        }

        int best = Array.IndexOf(common, common.Max());
        return common[best] > 0 && common[best] >= MinShare * count ? All[best] : null;
    }

    /// <summary>A stem with its language before it: the stems of one language are other words in another.</summary>
    public string Mark(string stem) => _mark + stem;

    /// <summary>A function that takes endings off folded words; not thread-safe.</summary>
    public Func<string, string> CreateStemmer()
    {
        SnowballProgram program = _createStemmer();
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        return word =>
        {
            if (known.TryGetValue(word, out string? stem))
            {
                return stem;
            }

            program.SetCurrent(word);
            program.Stem();
            stem = program.Current;
            if (known.Count < MaxRememberedWords)
            {
                known.Add(word, stem);
            }

            return stem;
        };
    }

    private static FrozenSet<string> ReadWords(string file, IReadOnlyList<string> more)
    {
        // One word a line, notes after a vertical bar.
        using Stream stream = typeof(EnglishStemmer).Assembly.GetManifestResourceStream($"Lucene.Net.Analysis.Common.Analysis.Snowball.{file}")
            ?? throw new InvalidOperationException($"Lucene.Net.Analysis.Common has no {file}.");
        using StreamReader reader = new(stream);
        List<string> words = [.. more];
        while (reader.ReadLine() is { } line)
        {
            words.AddRange(line.Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(word => TextFolding.Fold(word.Replace("'", "", StringComparison.Ordinal))));
        }

        return words.ToFrozenSet(StringComparer.Ordinal);
    }
}
