using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Libraries.Tuning;

namespace MultiVecRetrieval.Tests.Libraries.Configuration;

/// <summary>What the settings say of collections reaches the engine.</summary>
public sealed class CollectionSettingsTests
{
    [Fact]
    public async Task LatencyTarget_OfTheLibrary_IsWhatThePlannerKeeps()
    {
        using SampleLibrary sample = new(options => options with { LatencyTarget = TimeSpan.FromSeconds(77) });
        FilledCollection.Write(sample.Library, SampleLibrary.Collection);

        SearchResult result = await sample.Library.SearchAsync(
            new LibraryQuery { Collection = SampleLibrary.Collection, Text = "pressure", Using = SearchSide.Vectors },
            TestContext.Current.CancellationToken);

        Assert.Contains("The target is 77000 ms.", Assert.Single(result.Plans).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MergeSegmentCount_OfTheLibrary_ReachesCollectionsThatAreCreatedAndOpened()
    {
        using TemporaryFolder data = new();
        LibraryOptions options = new()
        {
            DataFolder = data,
            MergeSegmentCount = 0,
            WriteBufferBytes = 2 << 20,
            AutomaticTiers = false,
            BuildTiersInBackground = false,
            Threads = 3,
        };
        CollectionOptions created = ReadOptions(options);

        CollectionOptions opened = ReadOptions(options);

        Assert.Equal((0, 2L << 20, false, false, 3),
            (opened.MergeSegmentCount, opened.WriteBufferInBytes, opened.AutomaticTiers, opened.BuildTiersInBackground,
                opened.SearchThreads));
        Assert.Equal(opened with { Spaces = created.Spaces }, created);
    }

    private static CollectionOptions ReadOptions(LibraryOptions options)
    {
        using Library library = new(options);
        return library.CreateCollection("c", ["words-only"]).Store.Options;
    }
}
