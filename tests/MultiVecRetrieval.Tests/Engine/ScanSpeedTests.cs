using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;

namespace MultiVecRetrieval.Tests.Engine;

public class ScanSpeedTests
{
    private static readonly Space Words = Samples.Space(dimension: 16);

    [Fact]
    public void RecordExact_OneSlowSearch_RaisesWhatIsKnownALittle()
    {
        ScanSpeed speed = new();
        QueryScorers scorers = Scorers(4);
        double before = speed.GetExact(Words, RowFormat.Float32, scorers);

        // An hour for a row: a disk that had to be woken says nothing of the next search.
        speed.RecordExact(Words, RowFormat.Float32, scorers, rows: 1, threads: 1, TimeSpan.FromHours(1));

        Assert.Equal(1.3 * before, speed.GetExact(Words, RowFormat.Float32, scorers), tolerance: 1e-6 * before);
    }

    [Fact]
    public void RecordExact_ManySearches_ArriveAtWhatTheyTake()
    {
        ScanSpeed speed = new();
        for (int i = 0; i < 200; i++)
        {
            speed.RecordExact(Words, RowFormat.Float32, Scorers(4), rows: 1000, threads: 2, TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal(10_000, speed.GetExact(Words, RowFormat.Float32, Scorers(3)), tolerance: 1);
    }

    [Fact]
    public void RecordShare_ByPartAndQuerySize_StartsFromWhatWasMeasured()
    {
        ScanSpeed speed = new();

        speed.RecordShare(1, Scorers(4), wantedPart: 0.01, share: 0.5, expected: 0.1);
        speed.RecordShare(2, Scorers(4), wantedPart: 0.01, share: 0.5, expected: null);

        Assert.Equal(0.1 + (0.3 * 0.4), speed.GetShare(1, Scorers(4), 0.011)!.Value, tolerance: 1e-12);
        Assert.Equal(0.5, speed.GetShare(2, Scorers(4), 0.01));
        Assert.Null(speed.GetShare(1, Scorers(40), 0.01));
        Assert.Null(speed.GetShare(1, Scorers(4), 0.1));
        speed.RecordShare(2, Scorers(4), wantedPart: 0.01, share: 0.1, expected: null);
        Assert.Equal(0.5 - (0.3 * 0.4), speed.GetShare(2, Scorers(4), 0.01)!.Value, tolerance: 1e-12);
    }

    [Fact]
    public void ForgetShare_ManySearchesThatLeftATierAside_LetsItBeTriedAgain()
    {
        ScanSpeed speed = new();
        speed.RecordShare(1, Scorers(4), wantedPart: 0.01, share: 1, expected: null);

        for (int i = 0; i < 100; i++)
        {
            speed.ForgetShare(1, Scorers(4), wantedPart: 0.01);
        }

        Assert.Equal(Math.Pow(0.995, 100), speed.GetShare(1, Scorers(4), 0.01)!.Value, tolerance: 1e-12);
        speed.ForgetShare(2, Scorers(4), wantedPart: 0.01);
        Assert.Null(speed.GetShare(2, Scorers(4), 0.01));
    }

    private static QueryScorers Scorers(int rowCount) => new(new MultiVector(16, new float[rowCount * 16]));
}
