using System.Numerics;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Files;

/// <summary>CRC-32C (Castagnoli), reflected, initial value and final xor 0xFFFFFFFF: the checksum of iSCSI, RFC 3720 appendix
/// B.4.</summary>
internal struct Crc32C
{
    private uint _state;

    private Crc32C(uint state) => _state = state;

    public static Crc32C Start() => new(uint.MaxValue);

    public readonly uint Value => ~_state;

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        Crc32C crc = Start();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            state = BitOperations.Crc32C(state, word);
        }

        foreach (byte value in bytes[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, value);
        }

        _state = state;
    }
}
