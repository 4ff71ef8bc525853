using System.Buffers.Binary;
using System.Text;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>The file of a tier's parameters: header, spec, what training found.</summary>
internal static class CodecFile
{
    /// <summary>Writes the file and returns, once it is on the device, its size and the checksum of its body.</summary>
    public static (long SizeInBytes, uint Checksum) Write(Storage storage, string folder, long tierId, Space space, string spec,
        ReadOnlySpan<byte> parameters)
    {
        byte[] specBytes = Encoding.UTF8.GetBytes(spec);
        long length = SegmentLayout.HeaderLength + specBytes.Length + parameters.Length;
        Crc32C checksum = Crc32C.Start();
        checksum.Append(specBytes);
        checksum.Append(parameters);
        byte[] header = TierLayout.CreateHeader(TierLayout.CodecKind, length, tierId, space);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(TierLayout.SpecLengthOffset), specBytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(TierLayout.ParametersLengthOffset), parameters.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(TierLayout.BodyChecksumOffset), checksum.Value);
        TierLayout.Seal(header);

        string path = Path.Combine(folder, TierLayout.GetCodecFileName(tierId));
        try
        {
            using FileStream file = storage.Create(path);
            storage.Write(file, header);
            storage.Write(file, specBytes);
            storage.Write(file, parameters);
            storage.Sync(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        return (length, checksum.Value);
    }

    /// <summary>Reads and checks the parameters.</summary>
    /// <exception cref="CorruptSegmentException">The file is missing, cut short, changed, or belongs to another tier.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public static byte[] Read(string path, TierRecord tier, Space space)
    {
        using MappedFile file = new(path, SegmentLayout.HeaderLength);
        ReadOnlySpan<byte> header = file.Slice(0, SegmentLayout.HeaderLength);
        TierLayout.CheckHeader(header, path, TierLayout.CodecKind, file.Length, tier.Id, space);
        int specLength = BinaryPrimitives.ReadInt32LittleEndian(header[TierLayout.SpecLengthOffset..]);
        long parametersLength = BinaryPrimitives.ReadInt64LittleEndian(header[TierLayout.ParametersLengthOffset..]);
        bool fits = specLength >= 0 && parametersLength is >= 0 and <= int.MaxValue
            && specLength + parametersLength == file.Length - SegmentLayout.HeaderLength;
        if (!fits)
        {
            throw new CorruptSegmentException(path, TierLayout.SpecLengthOffset, "lengths that fill the file",
                $"{specLength} and {parametersLength}");
        }

        ReadOnlySpan<byte> spec = file.Slice(SegmentLayout.HeaderLength, specLength);
        ReadOnlySpan<byte> parameters = file.Slice(SegmentLayout.HeaderLength + specLength, (int)parametersLength);
        Crc32C checksum = Crc32C.Start();
        checksum.Append(spec);
        checksum.Append(parameters);
        TierLayout.Expect(path, TierLayout.BodyChecksumOffset, "CRC-32C", tier.Checksum, checksum.Value);
        if (Encoding.UTF8.GetString(spec) != tier.Spec)
        {
            throw new CorruptSegmentException(path, SegmentLayout.HeaderLength, $"the spec {tier.Spec}", Encoding.UTF8.GetString(spec));
        }

        return parameters.ToArray();
    }
}
