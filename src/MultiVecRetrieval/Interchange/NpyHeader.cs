using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Interchange;

/// <summary>Reads the head of a NumPy file: one array [rows, d].</summary>
/// <remarks>Format: numpy.lib.format, versions 1 to 3: magic, version, length of the head, a Python dictionary as text.</remarks>
internal static partial class NpyHeader
{
    private const int LargestHead = 1 << 16;
    private const byte FirstByte = 0x93;

    /// <exception cref="VectorFormatException">It is another array, or none.</exception>
    public static VectorBlock Read(FileStream file)
    {
        Span<byte> start = stackalloc byte[12];
        int count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count < 12 || start[0] != FirstByte || !start[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new VectorFormatException(file.Name, "it does not begin as a NumPy file (\\x93NUMPY).");
        }

        int version = start[6];
        (long length, int from) = version == 1
            ? (BinaryPrimitives.ReadUInt16LittleEndian(start[8..]), 10)
            : (BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), 12);
        if (version is < 1 or > 3 || length > LargestHead)
        {
            throw new VectorFormatException(file.Name, $"its head is of version {version} and {length} bytes; 1 to 3 and {LargestHead} are read.");
        }

        byte[] head = new byte[length];
        file.Position = from;
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
        {
            throw new VectorFormatException(file.Name, "it ends within its head.");
        }

        return Parse(file, Encoding.UTF8.GetString(head), from + length);
    }

    private static VectorBlock Parse(FileStream file, string head, long offset)
    {
        string type = Type().Match(head).Groups["type"].Value;
        string order = Order().Match(head).Groups["order"].Value;
        string shape = Shape().Match(head).Groups["shape"].Value;
        VectorElement element = type switch
        {
            "<f2" => VectorElement.Float16,
            "<f4" => VectorElement.Float32,
            "<f8" => VectorElement.Float64,
            _ => throw new VectorFormatException(file.Name, $"its values are '{type}'; <f2, <f4 and <f8 are read."),
        };
        if (order != "False")
        {
            throw new VectorFormatException(file.Name, "it is written column by column (fortran_order); write it with numpy.ascontiguousarray.");
        }

        string[] axes = shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return axes.Length == 2 && long.TryParse(axes[0], CultureInfo.InvariantCulture, out long rows) && rows >= 0
            && int.TryParse(axes[1], CultureInfo.InvariantCulture, out int dimension) && dimension > 0
                ? new VectorBlock(Key: null, offset, rows, dimension, element)
                : throw new VectorFormatException(file.Name, $"its shape is ({shape}); an array of two axes, rows and values, is read.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'(?<type>[^']{1,20})'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(?<order>True|False)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape'\s*:\s*\((?<shape>[0-9, ]*)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
