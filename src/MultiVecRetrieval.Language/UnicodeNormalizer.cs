using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Language;

/// <summary>The Unicode normalisation forms from tables of our own.</summary>
/// <remarks>
/// string.Normalize returns its input unchanged when the runtime works without ICU (InvariantGlobalization), so it cannot be used.
/// Source: Unicode Standard Annex 15, and chapter 3.12 of the standard for Hangul.
/// </remarks>
/// <param name="form">The form.</param>
public sealed class UnicodeNormalizer(NormalizationForm form)
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, HangulCount = LeadCount * VowelCount * TrailCount;
    private static readonly Lazy<Tables> Loaded = new(Tables.Load);

    private readonly bool _composes = form is NormalizationForm.FormC or NormalizationForm.FormKC;
    private readonly bool _compatible = form is NormalizationForm.FormKC or NormalizationForm.FormKD;

    /// <summary>The text in this form.</summary>
    /// <param name="text">Valid UTF-16.</param>
    public string Normalize(string text)
    {
        // ASCII is the same in every form; below the first combining mark, form C is too.
        if (Ascii.IsValid(text) || (_composes && !_compatible && !text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF')))
        {
            return text;
        }

        Tables tables = Loaded.Value;
        List<int> points = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(tables, rune.Value, points);
        }

        Reorder(tables, points);
        if (_composes)
        {
            Compose(tables, points);
        }

        StringBuilder result = new(text.Length + 8);
        foreach (int point in points)
        {
            result.Append(new Rune(point).ToString());
        }

        return result.ToString();
    }

    private void Decompose(Tables tables, int point, List<int> points)
    {
        int syllable = point - HangulBase;
        if (syllable is >= 0 and < HangulCount)
        {
            points.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
            points.Add(VowelBase + (syllable % (VowelCount * TrailCount) / TrailCount));
            if (syllable % TrailCount != 0)
            {
                points.Add(TrailBase + (syllable % TrailCount));
            }
        }
        else if (tables.Canonical.TryGetValue(point, out int[]? parts) || (_compatible && tables.Compatible.TryGetValue(point, out parts)))
        {
            foreach (int part in parts)
            {
                Decompose(tables, part, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    // Runs of marks are put into order of their combining class; equal classes keep their order.
    private static void Reorder(Tables tables, List<int> points)
    {
        for (int start = 0; start < points.Count; start++)
        {
            if (tables.Class(points[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            while (end < points.Count && tables.Class(points[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] run = [.. points[start..end].OrderBy(tables.Class)];
                for (int i = 0; i < run.Length; i++)
                {
                    points[start + i] = run[i];
                }
            }

            start = end;
        }
    }

    private static void Compose(Tables tables, List<int> points)
    {
        int starter = -1, lastClass = -1, kept = 0;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i];
            int pointClass = tables.Class(point);

            // A mark is blocked from its starter by one of the same or a higher class in between.
            if (starter >= 0 && lastClass < pointClass && TryCompose(tables, points[starter], point, out int composed))
            {
                points[starter] = composed;
                continue;
            }

            if (pointClass == 0)
            {
                starter = kept;
                lastClass = -1;
            }
            else
            {
                lastClass = pointClass;
            }

            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static bool TryCompose(Tables tables, int first, int second, out int composed)
    {
        int lead = first - LeadBase, vowel = second - VowelBase, syllable = first - HangulBase, trail = second - TrailBase;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = HangulBase + (((lead * VowelCount) + vowel) * TrailCount);
            return true;
        }

        if (syllable is >= 0 and < HangulCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            composed = first + trail;
            return true;
        }

        return tables.Compositions.TryGetValue((first, second), out composed);
    }

    private sealed class Tables
    {
        private readonly Dictionary<int, byte> _classes = [];

        public Dictionary<int, int[]> Canonical { get; } = [];

        public Dictionary<int, int[]> Compatible { get; } = [];

        public Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public int Class(int point) => point < 0x300 ? 0 : _classes.GetValueOrDefault(point);

        public static Tables Load()
        {
            Tables tables = new();
            using Stream stream = typeof(UnicodeNormalizer).Assembly.GetManifestResourceStream("normalization.txt")!;
            using StreamReader reader = new(stream);
            while (reader.ReadLine() is { } line)
            {
                string[] parts = line.Split(' ');
                switch (parts[1][0])
                {
                    case '#':
                        string[] range = parts[0].Split('-');
                        for (int point = Hex(range[0]); point <= Hex(range[1]); point++)
                        {
                            tables._classes[point] = byte.Parse(parts[1].AsSpan(1), CultureInfo.InvariantCulture);
                        }

                        break;
                    case '~':
                        tables.Compatible[Hex(parts[0])] = [.. parts[2..].Select(Hex)];
                        break;
                    case '=' or '!':
                        int[] decomposition = [.. parts[2..].Select(Hex)];
                        tables.Canonical[Hex(parts[0])] = decomposition;
                        if (parts[1] == "=")
                        {
                            tables.Compositions[(decomposition[0], decomposition[1])] = Hex(parts[0]);
                        }

                        break;
                }
            }

            return tables;
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
