using System.Numerics.Tensors;

namespace MultiVecRetrieval.Interchange;

/// <summary>Vectors that were made elsewhere, from NumPy and safetensors files.</summary>
/// <remarks>
/// The keys lie beside the file as <c>[file].keys.jsonl</c>, a line of JSON per row: <c>{"key":"a.pdf#page=1","row":0}</c>; rows of one key
/// behind each other are the rows of one entry. A safetensors file may do without: then each tensor is an entry, its name the key. Rows are
/// brought to unit length.
/// </remarks>
public static class VectorImport
{
    private const string Npy = ".npy";
    private const string Safetensors = ".safetensors";

    /// <summary>Adds the vectors of a file to a space; each entry is its own document.</summary>
    /// <param name="collection">The collection, open for writing.</param>
    /// <param name="space">The name of the space; its d is that of the file.</param>
    /// <param name="path">A file <c>.npy</c> with one array [rows, d] of 16, 32 or 64 bits, or <c>.safetensors</c> with one tensor [rows, d]
    /// and keys beside it, or with a tensor [rows, d] or [d] per entry.</param>
    /// <param name="cancellationToken">Checked between entries; what was committed stays.</param>
    /// <returns>The number of entries; documents of the same keys are replaced.</returns>
    /// <exception cref="UnknownSpaceException">The collection has no such space.</exception>
    /// <exception cref="DimensionMismatchException">The file has another d.</exception>
    /// <exception cref="VectorFormatException">The file is damaged or of another kind, a value is not finite, or there are more or fewer keys
    /// than rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int Import(Collection collection, string space, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentException.ThrowIfNullOrEmpty(path);
        EntryImport import = new(collection, space, cancellationToken);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
        IReadOnlyList<VectorBlock> blocks = Path.GetExtension(path).ToLowerInvariant() switch
        {
            Npy => [NpyHeader.Read(file)],
            Safetensors => SafetensorsHeader.Read(file),
            string other => throw new VectorFormatException(path, $"its name ends in '{other}'; {Npy} and {Safetensors} are read."),
        };
        bool hasKeys = File.Exists(VectorKeys.PathOf(path));
        if (blocks.Count != 1 && hasKeys)
        {
            throw new VectorFormatException(path, $"there are keys beside it, and it has {blocks.Count} tensors; keys are of one.");
        }

        foreach (VectorBlock block in blocks)
        {
            if (block.Dimension != import.Dimension)
            {
                throw new DimensionMismatchException(space, import.Dimension, block.Dimension);
            }

            if (block.Rows > int.MaxValue || block.Offset + block.SizeInBytes > file.Length)
            {
                throw new VectorFormatException(
                    path, $"{block.Rows} rows of {block.Dimension} values end at byte {block.Offset + block.SizeInBytes}; the file has {file.Length}.");
            }
        }

        return import.Run(hasKeys || blocks is [{ Key: null }] ? ReadKeyed(file, blocks[0]) : ReadNamed(file, blocks));
    }

    private static IEnumerable<ImportedEntry> ReadKeyed(FileStream file, VectorBlock block)
    {
        string[] keys = VectorKeys.Read(
            file.Name, (int)block.Rows,
            (expected, found) => new VectorFormatException(VectorKeys.PathOf(file.Name), $"expected {expected}, found {found}."));
        file.Position = block.Offset;
        foreach ((string key, int start, int count) in VectorKeys.Group(keys))
        {
            yield return new ImportedEntry(key, ReadRows(file, block, start, count));
        }
    }

    private static IEnumerable<ImportedEntry> ReadNamed(FileStream file, IReadOnlyList<VectorBlock> blocks)
    {
        foreach (VectorBlock block in blocks.Where(block => block.Rows > 0))
        {
            file.Position = block.Offset;
            yield return new ImportedEntry(block.Key!, ReadRows(file, block, firstRow: 0, (int)block.Rows));
        }
    }

    private static float[] ReadRows(FileStream file, VectorBlock block, int firstRow, int count)
    {
        byte[] bytes = new byte[checked(count * block.Dimension * VectorElements.SizeOf(block.Element))];
        file.ReadExactly(bytes);
        float[] values = new float[count * block.Dimension];
        VectorElements.Convert(block.Element, bytes, values);
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = values.AsSpan(row * block.Dimension, block.Dimension);
            float length = TensorPrimitives.Norm(vector);
            if (!float.IsFinite(length))
            {
                throw new VectorFormatException(file.Name, $"row {firstRow + row}{(block.Key is null ? "" : $" of '{block.Key}'")} is not finite.");
            }

            if (length > 0)
            {
                TensorPrimitives.Divide(vector, length, vector);
            }
        }

        return values;
    }
}
