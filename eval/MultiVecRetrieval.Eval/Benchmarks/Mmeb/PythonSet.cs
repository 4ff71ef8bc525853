using System.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>
/// The order in which Python goes through a set of texts: that of a hash table whose hashes depend on <c>PYTHONHASHSEED</c>. A scorer that
/// goes through a set where it means a list gives scores of that order; this reproduces them (CPython 3.11 and later: SipHash-1-3).
/// </summary>
internal static class PythonSet
{
    private const int LinearProbes = 9;
    private const int PerturbShift = 5;

    /// <summary>What <c>list(set(values))</c> is.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="seed">The value of PYTHONHASHSEED; 0 is one too.</param>
    public static IReadOnlyList<string> Order(IEnumerable<string> values, int seed)
    {
        (ulong k0, ulong k1) = KeysOf(seed);
        (string Value, ulong Hash)?[] table = new (string, ulong)?[8];
        int used = 0;
        foreach (string value in values.Distinct(StringComparer.Ordinal))
        {
            Insert(table, (value, Hash(value, k0, k1)));
            used++;
            // The table grows when three fifths of it are taken.
            if (used * 5 >= (table.Length - 1) * 3)
            {
                table = Grow(table, used > 50_000 ? used * 2 : used * 4);
            }
        }

        return [.. table.Where(entry => entry is not null).Select(entry => entry!.Value.Value)];
    }

    private static (string, ulong)?[] Grow((string, ulong)?[] table, int least)
    {
        int size = 8;
        while (size <= least)
        {
            size <<= 1;
        }

        (string, ulong)?[] larger = new (string, ulong)?[size];
        foreach ((string, ulong)? entry in table)
        {
            if (entry is not null)
            {
                Insert(larger, entry.Value);
            }
        }

        return larger;
    }

    private static void Insert((string, ulong)?[] table, (string Value, ulong Hash) entry)
    {
        ulong mask = (ulong)table.Length - 1;
        ulong perturb = entry.Hash;
        ulong place = entry.Hash & mask;
        while (true)
        {
            int probes = place + LinearProbes <= mask ? LinearProbes : 0;
            for (ulong i = place; i <= place + (ulong)probes; i++)
            {
                if (table[i] is null)
                {
                    table[i] = entry;
                    return;
                }
            }

            perturb >>= PerturbShift;
            place = unchecked((place * 5) + 1 + perturb) & mask;
        }
    }

    // Python fills its secret from a linear congruential generator where a seed is given, and with zeros for the seed 0.
    private static (ulong K0, ulong K1) KeysOf(int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        byte[] secret = new byte[16];
        uint x = (uint)seed;
        for (int i = 0; i < secret.Length && seed != 0; i++)
        {
            x = unchecked((x * 214013) + 2531011);
            secret[i] = (byte)(x >> 16);
        }

        return (BitConverter.ToUInt64(secret, 0), BitConverter.ToUInt64(secret, 8));
    }

    private static ulong Hash(string text, ulong k0, ulong k1)
    {
        byte[] bytes = ToBytes(text);
        ulong hash = bytes.Length == 0 ? 0 : SipHash13(bytes, k0, k1);
        // -1 says that a value has no hash.
        return hash == ulong.MaxValue ? ulong.MaxValue - 1 : hash;
    }

    // A text is stored with one, two or four bytes a character, by its largest.
    private static byte[] ToBytes(string text)
    {
        int most = text.EnumerateRunes().Select(rune => rune.Value).DefaultIfEmpty(0).Max();
        return most < 0x100 ? System.Text.Encoding.Latin1.GetBytes(text)
            : most < 0x10000 ? System.Text.Encoding.Unicode.GetBytes(text)
            : System.Text.Encoding.UTF32.GetBytes(text);
    }

    private static ulong SipHash13(ReadOnlySpan<byte> bytes, ulong k0, ulong k1)
    {
        ulong v0 = k0 ^ 0x736f6d6570736575, v1 = k1 ^ 0x646f72616e646f6d, v2 = k0 ^ 0x6c7967656e657261, v3 = k1 ^ 0x7465646279746573;
        ulong last = (ulong)bytes.Length << 56;
        while (bytes.Length >= 8)
        {
            ulong block = BitConverter.ToUInt64(bytes);
            v3 ^= block;
            Round();
            v0 ^= block;
            bytes = bytes[8..];
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            last |= (ulong)bytes[i] << (8 * i);
        }

        v3 ^= last;
        Round();
        v0 ^= last;
        v2 ^= 0xff;
        Round();
        Round();
        Round();
        return v0 ^ v1 ^ v2 ^ v3;

        void Round()
        {
            unchecked
            {
                v0 += v1;
                v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
                v0 = BitOperations.RotateLeft(v0, 32);
                v2 += v3;
                v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
                v2 = BitOperations.RotateLeft(v2, 32);
            }
        }
    }
}
