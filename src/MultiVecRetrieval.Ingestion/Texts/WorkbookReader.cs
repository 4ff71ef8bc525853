using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads an xlsx: a part a sheet, with its name, and a line a row: what cells show, columns apart by tabs,
/// numbers plainly, dates as 2026-11-30.</summary>
internal sealed class WorkbookReader(CancellationToken cancellationToken)
{
    // Built-in number formats of dates and times (ECMA-376 part 1, 18.8.30).
    private static readonly HashSet<uint> DateFormats = [14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47];

    // Days from 30 December 1899, which numbers count from, to 1 January 1904, which they count from in workbooks of the other date system.
    private const int DaysTo1904 = 1462;

    // A cell far to the right of the others would fill every line with empty columns.
    private const int MaxGap = 32;

    private readonly List<string> _sharedStrings = [];
    private readonly List<bool> _isDate = [];
    private int _epoch;

    public TextContent Read(SpreadsheetDocument document)
    {
        WorkbookPart workbook = document.WorkbookPart ?? throw new InvalidDataException("it has no main part");
        ReadSharedStrings(workbook.SharedStringTablePart);
        ReadStyles(workbook.WorkbookStylesPart?.Stylesheet);
        _epoch = workbook.Workbook?.WorkbookProperties?.Date1904?.Value == true ? DaysTo1904 : 0;
        PartList sheets = new(TextContent.SheetMark);
        int number = 0;
        foreach (Sheet sheet in workbook.Workbook?.Sheets?.Elements<Sheet>() ?? [])
        {
            number++;
            bool isHidden = sheet.State?.Value is { } state && state != SheetStateValues.Visible;
            if (!isHidden && sheet.Id?.Value is { } relation && workbook.GetPartById(relation) is WorksheetPart part)
            {
                sheets.Add(number, sheet.Name?.Value?.Trim() ?? "", ReadRows(part));
            }
        }

        if (sheets.Parts.Count == 0)
        {
            sheets.Add(1, "", "");
        }

        return new TextContent(OfficeReader.ReadTitle(document), OfficeReader.ReadMetadata(document), sheets.Parts);
    }

    private string ReadRows(WorksheetPart part)
    {
        StringBuilder rows = new();
        using OpenXmlReader reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!reader.IsStartElement || reader.ElementType != typeof(Row))
            {
                continue;
            }

            Row row = (Row)reader.LoadCurrentElement()!;
            string line = LineOf(row);
            if (line.Length > 0)
            {
                rows.Append(line).Append('\n');
            }
        }

        return rows.ToString();
    }

    // Empty cells are mostly not written; what stands in the others says their columns.
    private string LineOf(Row row)
    {
        StringBuilder line = new();
        int column = 1;
        foreach (Cell cell in row.Elements<Cell>())
        {
            int at = ColumnOf(cell.CellReference?.Value) ?? column;
            line.Append('\t', Math.Clamp(at - column, 0, MaxGap)).Append(TextOf(cell)).Append('\t');
            column = Math.Max(at, column) + 1;
        }

        return line.ToString().TrimEnd();
    }

    // The letters of "BC12" count from A = 1 to 26 digits.
    private static int? ColumnOf(string? reference)
    {
        const int MaxLetters = 3;
        string letters = string.Concat((reference ?? "").TakeWhile(char.IsAsciiLetter).Take(MaxLetters)).ToUpperInvariant();
        return letters.Length == 0 ? null : letters.Aggregate(0, (column, letter) => (column * 26) + letter - 'A' + 1);
    }

    private string TextOf(Cell cell)
    {
        string raw = cell.CellValue?.Text ?? "";
        CellValues? type = cell.DataType?.Value;
        string text = type switch
        {
            _ when type == CellValues.SharedString => int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < _sharedStrings.Count ? _sharedStrings[index] : "",
            _ when type == CellValues.InlineString => PlainText(cell.InlineString),
            _ when type == CellValues.Boolean => raw == "1" ? "TRUE" : "FALSE",
            _ when type == CellValues.Error => "",
            _ when type is null || type == CellValues.Number => Number(raw, cell.StyleIndex?.Value ?? 0),
            _ => raw,
        };
        return TextDecoder.Clean(text).Replace('\n', ' ').Trim();
    }

    private string Number(string raw, uint style)
    {
        if (style >= _isDate.Count || !_isDate[(int)style]
            || !double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double days)
            || days < 0 || days + _epoch > 2_958_465)
        {
            return raw;
        }

        DateTime date = DateTime.FromOADate(days + _epoch);
        string format = days < 1 ? "HH:mm" : date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm";
        return date.ToString(format, CultureInfo.InvariantCulture);
    }

    private void ReadSharedStrings(SharedStringTablePart? part)
    {
        if (part is null)
        {
            return;
        }

        using OpenXmlReader reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.IsStartElement && reader.ElementType == typeof(SharedStringItem))
            {
                _sharedStrings.Add(PlainText(reader.LoadCurrentElement()));
            }
        }
    }

    // Runs of several fonts are joined; how a word is pronounced is left out.
    private static string PlainText(OpenXmlElement? item) => item is null ? "" : string.Concat(item.Descendants<Text>()
        .Where(text => text.Parent is not PhoneticRun).Select(text => text.Text));

    private void ReadStyles(Stylesheet? styles)
    {
        Dictionary<uint, string> formats = (styles?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
            .Where(format => format.NumberFormatId?.HasValue == true)
            .GroupBy(format => format.NumberFormatId!.Value)
            .ToDictionary(group => group.Key, group => group.First().FormatCode?.Value ?? "");
        foreach (CellFormat format in styles?.CellFormats?.Elements<CellFormat>() ?? [])
        {
            uint id = format.NumberFormatId?.Value ?? 0;
            _isDate.Add(DateFormats.Contains(id) || (formats.TryGetValue(id, out string? code) && IsDateFormat(code)));
        }
    }

    // Letters in quotes and brackets are text and colours.
    private static bool IsDateFormat(string code)
    {
        char end = '\0';
        foreach (char c in code)
        {
            if (end != '\0')
            {
                end = c == end ? '\0' : end;
            }
            else if (c is '"' or '[')
            {
                end = c == '"' ? '"' : ']';
            }
            else if (c is 'y' or 'd' or 'Y' or 'D' or 'h' or 'H')
            {
                return true;
            }
        }

        return false;
    }
}
