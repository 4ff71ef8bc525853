using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval;

/// <summary>What documents, entries and rows must meet, checked once where they enter.</summary>
internal static class EntryRules
{
    /// <exception cref="ArgumentException">The key is empty or cannot be stored as it is.</exception>
    public static void CheckKey(string key, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(key, name);
        for (int i = 0; i < key.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(key[i]) && i + 1 < key.Length && char.IsLowSurrogate(key[i + 1]);
            if (key[i] == '\0' || (char.IsSurrogate(key[i]) && !isPair))
            {
                throw new ArgumentException($"Key '{key}' holds U+{(int)key[i]:X4} at {i}, which is no character of a key.", name);
            }

            i += isPair ? 1 : 0;
        }
    }

    /// <exception cref="ArgumentException">A field cannot be stored.</exception>
    public static void Check(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        CheckKey(document.Key, nameof(document));
        ArgumentNullException.ThrowIfNull(document.ContentType, nameof(document));
        ArgumentNullException.ThrowIfNull(document.ContentHash, nameof(document));
        foreach ((string name, MetadataValue value) in document.Metadata)
        {
            CheckKey(name, nameof(document));
            if (value.Elements.Any(element => element.Value is null or double.NaN))
            {
                throw new ArgumentException($"Metadata '{name}' of '{document.Key}' has no value.", nameof(document));
            }
        }
    }

    /// <exception cref="ArgumentException">A field cannot be stored.</exception>
    public static void Check(EntryContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        CheckKey(content.Entry.Key, nameof(content));
        foreach (TextWord word in content.Text?.Words ?? [])
        {
            if (word.Offset < 0 || word.Length < 0 || (long)word.Offset + word.Length > content.Text!.Text.Length)
            {
                throw new ArgumentException($"A word of '{content.Entry.Key}' lies outside of its text: {word}.", nameof(content));
            }
        }
    }

    /// <exception cref="DimensionMismatchException">The rows have another length than the space.</exception>
    /// <exception cref="ArgumentException">A value is not finite, or the rows are too many for one entry.</exception>
    public static void Check(MultiVector rows, Space space, string entryKey)
    {
        if (rows.Dimension != space.Dimension)
        {
            throw new DimensionMismatchException(space.Name, space.Dimension, rows.Dimension);
        }

        CheckFinite(rows, $"Entry '{entryKey}', space '{space.Name}'");
        long size = PackedRows.GetSizeInBytes(space.RowFormat, rows.RowCount, rows.Dimension);
        if (size > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Entry '{entryKey}' needs {size} bytes in space '{space.Name}'; one entry has at most {Array.MaxLength}.", nameof(rows));
        }
    }

    /// <exception cref="ArgumentException">A value is infinite or no number.</exception>
    public static void CheckFinite(MultiVector rows, string owner)
    {
        ReadOnlySpan<float> values = rows.Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{owner}: value {i % rows.Dimension} of row {i / rows.Dimension} is {values[i]}; values are finite.", nameof(rows));
            }
        }
    }

    /// <exception cref="ArgumentException">The space cannot be made; a <see cref="SpecException"/> when its reduction is not
    /// understood.</exception>
    public static void Check(Space space)
    {
        ArgumentNullException.ThrowIfNull(space);
        bool isName = space.Name.Length > 0 && space.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (!isName)
        {
            throw new ArgumentException($"Space name '{space.Name}' is not made of lower-case letters, digits and hyphens.", nameof(space));
        }

        ArgumentException.ThrowIfNullOrEmpty(space.Id.Value, nameof(space));
        if (space.Dimension is < 1 or > 65536)
        {
            throw new ArgumentOutOfRangeException(nameof(space), space.Dimension,
                $"The dimension of space '{space.Name}' is in [1, 65536].");
        }

        if (!Enum.IsDefined(space.RowFormat))
        {
            throw new ArgumentOutOfRangeException(nameof(space), space.RowFormat, $"Space '{space.Name}' has an unknown row format.");
        }

        if (space.Reduction is { } reduction)
        {
            Reductions.Parse(reduction);
        }
    }
}
