using System.Text;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Filters;
using MultiVecRetrieval.Language;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Catalogs;

/// <summary>What statements of the catalog call: functions of text, time and place. None of them is part of a stored index.</summary>
internal static class CatalogFunctions
{
    private static readonly UnicodeNormalizer Composed = new(NormalizationForm.FormC);

    public static void AddTo(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?>("nfc", static text => text is null ? null : Composed.Normalize(text), true);
        connection.CreateFunction<object?, string?>("fold", static value => value is string text ? TextFolding.Fold(text) : null, true);
        connection.CreateFunction<string?, string?>("folder", GetFolder, true);
        connection.CreateFunction<string?, string?>("extension", GetExtension, true);
        connection.CreateFunction<object?, long?>("ticks", GetTicks, true);
        connection.CreateFunction<object?, long?>("year", GetYear, true);
        connection.CreateFunction<double, double, double, double, double>("kilometers", GreatCircle.GetKilometers, true);
    }

    /// <summary>The path of a key without its last part; empty at the top.</summary>
    public static string? GetFolder(string? key) => key is null ? null : key[..Math.Max(0, key.LastIndexOf('/'))];

    /// <summary>What follows the last dot of the last part of a key, in lower case; null where there is none.</summary>
    public static string? GetExtension(string? key)
    {
        string name = key is null ? "" : key[(key.LastIndexOf('/') + 1)..];
        int dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1 ? name[(dot + 1)..].ToLowerInvariant() : null;
    }

    /// <summary>The ticks at which a date in ISO 8601 begins; null for what is none.</summary>
    public static long? GetTicks(object? value) =>
        value is string text && DateInterval.TryParse(text, out DateInterval interval) ? interval.Start : null;

    private static long? GetYear(object? value)
    {
        long? ticks = value is long stored ? stored : GetTicks(value);
        return ticks is >= 0 and long known && known <= DateTime.MaxValue.Ticks ? new DateTime(known).Year : null;
    }
}
