using System.Text.Json;
using Microsoft.Playwright;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Questions of several parts on the page: chips, regions, one thing after another, and where each part is met.</summary>
public class PageQuestionTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string UmbrellaKey = "weather report.pdf#page=2";

    [Fact]
    public async Task Parts_AddedWeighedAndRemoved_ChangeTheQuestionAndTheAddress()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella");
        await page.WaitForSelectorAsync($"#grid li[data-key='{UmbrellaKey}']");

        await page.ClickAsync("#addPart");
        await page.SelectOptionAsync("#adder select", "exclude");
        await page.FillAsync("#adder input", "umbrella");
        IResponse response = await page.RunAndWaitForResponseAsync(
            () => page.PressAsync("#adder input", "Enter"), answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        string? asked = response.Request.PostData;
        await page.WaitForSelectorAsync("#parts .part.exclude input[type=range]");

        Assert.Contains("\"role\":\"exclude\"", asked, StringComparison.Ordinal);
        Assert.Equal("1", await page.GetAttributeAsync("#parts .part input[type=range]", "max"));
        Assert.Contains("p=", page.Url, StringComparison.Ordinal);

        // What is asked for and excluded is no answer.
        await page.WaitForSelectorAsync("#grid .divider");
        IResponse weighed = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync("""
                () => {
                  const range = document.querySelector('#parts input[type=range]');
                  range.value = '0.3';
                  range.dispatchEvent(new Event('change'));
                }
                """),
            answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        Assert.Contains("\"weight\":0.3", weighed.Request.PostData, StringComparison.Ordinal);

        // Words beside what is looked for may count against it.
        await page.RunAndWaitForResponseAsync(
            () => page.SelectOptionAsync("#parts .part select", "subject"), answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        await page.WaitForSelectorAsync("#parts .part.subject input[min='-2']");
        IResponse against = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync("""
                () => {
                  const range = document.querySelector('#parts input[type=range]');
                  range.value = '-0.5';
                  range.dispatchEvent(new Event('change'));
                }
                """),
            answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        Assert.Contains("\"weight\":-0.5", against.Request.PostData, StringComparison.Ordinal);

        await page.ClickAsync("#parts .part .icon");
        await page.WaitForFunctionAsync("() => document.querySelector('#parts').hidden");
        Assert.DoesNotContain("p=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Region_DrawnOverAHit_BecomesTheQuestion()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella");
        await page.ClickAsync($"#grid li[data-key='{UmbrellaKey}'] a");
        await page.WaitForSelectorAsync("#detail .frame img.ready");

        await page.ClickAsync("#markRegion");
        LocatorBoundingBoxResult frame = (await page.Locator("#detail .drawing").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(frame.X + (0.2f * frame.Width), frame.Y + (0.1f * frame.Height));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(frame.X + (0.6f * frame.Width), frame.Y + (0.5f * frame.Height), new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        IResponse response = await page.RunAndWaitForResponseAsync(
            () => page.ClickAsync("#detail .choice button"), answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));

        using JsonDocument asked = JsonDocument.Parse(response.Request.PostData!);
        JsonElement part = Assert.Single(asked.RootElement.GetProperty("parts").EnumerateArray());
        Assert.Equal(UmbrellaKey, part.GetProperty("entry").GetString());
        double[] box = [.. part.GetProperty("box").EnumerateArray().Select(side => side.GetDouble())];
        Assert.All(box.Zip([0.2, 0.1, 0.6, 0.5]), side => Assert.Equal(side.Second, side.First, 0.02));
        Assert.Equal(200, response.Status);
        await page.WaitForSelectorAsync("#parts .part canvas");
    }

    [Fact]
    public async Task HeatMap_OfTheWord_LiesOverThePage()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella");
        await page.ClickAsync($"#grid li[data-key='{UmbrellaKey}'] a");
        await page.WaitForSelectorAsync("#detail .frame img.ready");

        await page.ClickAsync("#heat");
        await page.WaitForFunctionAsync("() => document.querySelector('#detail img.heat')?.naturalWidth > 0");

        // The most opaque place of the map is where the word stands.
        double[] word = GeneratedMedia.BoxOf(Path.Combine(browser.Media, "weather report.pdf"), page: 2, "umbrella");
        double[] hottest = await page.EvaluateAsync<double[]>("""
            () => {
              const image = document.querySelector('#detail img.heat');
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height);
              let best = 0;
              for (let i = 3; i < data.length; i += 4) if (data[i] > data[best * 4 + 3]) best = (i - 3) / 4;
              return [(best % width) / canvas.width, Math.floor(best / width) / canvas.height];
            }
            """);
        Assert.InRange(hottest[0], word[0] - 0.06, word[2] + 0.06);
        Assert.InRange(hottest[1], word[1] - 0.06, word[3] + 0.06);
        await page.ClickAsync("#heat");
        Assert.Equal(0, await page.Locator("#detail img.heat").CountAsync());
    }

    [Fact]
    public async Task Video_OneAfterTheOther_ShowsAStretchOfEach()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=lighthouse");
        await page.WaitForSelectorAsync("#grid .card");
        await page.ClickAsync("#addPart");
        await page.SelectOptionAsync("#adder select", "then");
        await page.FillAsync("#adder input", "ferry");

        IResponse response = await page.RunAndWaitForResponseAsync(
            () => page.PressAsync("#adder input", "Enter"), answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        Assert.Contains("\"combine\":\"sequence\"", response.Request.PostData, StringComparison.Ordinal);
        await page.WaitForSelectorAsync("#parts .part.then");
        await page.ClickAsync("#grid .card");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#detail .band').length === 2");
        double[] lefts = await page.EvaluateAsync<double[]>(
            "() => [...document.querySelectorAll('#detail .band')].map((band) => parseFloat(band.style.left) / 100 * 6)");

        Assert.InRange(lefts[0], 1, 3);
        Assert.InRange(lefts[1], 3.5, 5);
        string facts = await page.InnerTextAsync("#detail .facts");
        Assert.Contains("ferry", facts, StringComparison.Ordinal);
    }
}
