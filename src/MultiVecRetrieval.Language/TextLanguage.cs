using System.Collections.Frozen;
using System.Numerics;
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

    // Of each thread that finds words; a stem takes a hundred times as long to find as to remember.
    private const int MaxRememberedWords = 20_000;

    // What the English list keeps in its notes: words of questions, hardly ever of answers.
    private static readonly string[] Auxiliaries = ["can", "cannot", "could", "may", "might", "must", "shall", "will", "just", "please"];

    private readonly Func<SnowballProgram> _createStemmer;
    private readonly int _number;

    private TextLanguage(int number, string name, Func<SnowballProgram> createStemmer)
    {
        Name = name;
        _createStemmer = createStemmer;
        _number = number;
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

    private static readonly Lazy<FrozenDictionary<string, int>> LanguagesByCommonWord = new(() => All
        .SelectMany((language, number) => language.CommonWords.Select(word => (Word: word, Bit: 1 << number)))
        .GroupBy(pair => pair.Word, pair => pair.Bit)
        .ToFrozenDictionary(bits => bits.Key, bits => bits.Aggregate((a, b) => a | b), StringComparer.Ordinal));

    // Of each thread, by number of the language.
    private static readonly ThreadLocal<Stemmer[]> Stemmers =
        new(() => [.. All.Select(language => new Stemmer(language._createStemmer()))]);

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
            for (int bits = LanguagesByCommonWord.Value.GetValueOrDefault(surface); bits != 0; bits &= bits - 1)
            {
                common[BitOperations.TrailingZeroCount(bits)]++;
            }
        }

        int best = Array.IndexOf(common, common.Max());
        return common[best] > 0 && common[best] >= MinShare * count ? All[best] : null;
    }

    /// <summary>A stem with its language before it: the stems of one language are other words in another.</summary>
    public string Mark(string stem) => (char)(FirstMark + _number) + stem;

    /// <summary>A folded word without its endings.</summary>
    public string Stem(string word) => Stemmers.Value![_number].Stem(word);

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

    private sealed class Stemmer(SnowballProgram program)
    {
        private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

        public string Stem(string word)
        {
            if (_known.TryGetValue(word, out string? stem))
            {
                return stem;
            }

            program.SetCurrent(word);
            program.Stem();
            stem = program.Current;
            if (_known.Count < MaxRememberedWords)
            {
                _known.Add(word, stem);
            }

            return stem;
        }
    }
}
