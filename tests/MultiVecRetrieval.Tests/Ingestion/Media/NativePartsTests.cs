using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class NativePartsTests
{
    [Fact]
    public void Check_InstalledParts_WorkAndTellTheirVersion()
    {
        IReadOnlyList<NativePart> parts = NativeParts.Check();

        Assert.All(parts.Where(part => part.IsRequired), part => Assert.True(part.Works, $"{part.Name}: {part.Problem}"));
        Assert.All(parts.Where(part => part.Works),
            part => Assert.False(string.IsNullOrEmpty(part.Version) || string.IsNullOrEmpty(part.Location)));
        Assert.StartsWith("8.", parts.Single(part => part.Name == "libvips").Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_MissingProgram_SaysWhatToInstall()
    {
        MediaException error = Assert.Throws<MediaException>(() => new ExternalProgram("no-such-program", "its-package").Require());

        Assert.Contains("apt-get install its-package", error.Message, StringComparison.Ordinal);
    }
}
