using System.Security.Cryptography;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>
/// What codecs store, as digests: parameters trained on a seeded sample, and a chunk. The suite runs at every instruction set, so equal
/// digests mean equal bytes at all of them; and bytes of a released format never change their meaning, so a digest that changes needs a new
/// name.
/// </summary>
public class StoredCodecTests
{
    [Theory]
    [InlineData("float32", "b96ae665a529f888")]
    [InlineData("float16", "5fe191fd13a8410f")]
    [InlineData("int8", "65f1cb7c22b5a796")]
    [InlineData("pq:12x4", "aa8202d79344e596")]
    [InlineData("pq:7x8", "f1689ab0165dbd3d")]
    [InlineData("lemur:40", "c1b7cccc8c4541d9")]
    public void TrainAndEncode_SeededSample_GiveTheBytesTheyAlwaysGave(string spec, string digest)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension: 45);

        byte[] chunk = codec.Encode(CodecSamples.Create(seed: 1, dimension: 45, CodecSamples.MixedRowCounts).Rows);

        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData([.. codec.WriteParameters(), .. chunk]))[..16]);
    }
}
