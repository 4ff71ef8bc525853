using Microsoft.Playwright;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Narrowing down and putting in order on the page.</summary>
public class PageFacetTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Facet_ValueChosenAndRemoved_NarrowsTheResults()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");
        await page.WaitForSelectorAsync("#grid li[data-key]");
        int before = await page.Locator("#grid li[data-key]").CountAsync();

        await page.ClickAsync(".facet[data-field=extension] summary");
        ILocator pdf = page.Locator(".facet[data-field=extension] li button", new PageLocatorOptions { HasText = "pdf" });
        await pdf.ClickAsync();
        await page.WaitForSelectorAsync("#facets > .pill.on");
        await page.WaitForFunctionAsync("() => !document.body.classList.contains('stale')");
        string?[] keys = await page.Locator("#grid li[data-key]").EvaluateAllAsync<string?[]>("all => all.map(li => li.dataset.key)");

        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.Contains(".pdf", key, StringComparison.Ordinal));
        Assert.Contains("f=", page.Url, StringComparison.Ordinal);

        // The address says it all.
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("#grid li[data-key]");
        Assert.Equal(keys.Length, await page.Locator("#grid li[data-key]").CountAsync());

        await page.ClickAsync("#facets > .pill.on");
        await page.WaitForFunctionAsync(
            "before => document.querySelectorAll('#grid li[data-key]').length === before", before);
        Assert.DoesNotContain("f=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_Narrowed_AsksWithFilterOrderAndFacets()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella");
        await page.WaitForSelectorAsync("#grid li[data-key]");

        IResponse response = await page.RunAndWaitForResponseAsync(
            () => page.SelectOptionAsync("#sort", "date desc"), answer => answer.Url.EndsWith("/search", StringComparison.Ordinal));
        await page.GotoAsync($"{browser.Address}/?q=umbrella&f=[{{\"l\":\"Format: png\",\"f\":\"extension = \\\"png\\\"\"}}]");
        await page.WaitForSelectorAsync("#facets > .pill.on");
        await page.WaitForFunctionAsync("() => !document.body.classList.contains('stale')");
        string[] keys = await page.Locator("#grid li[data-key]").EvaluateAllAsync<string[]>("all => all.map(li => li.dataset.key)");

        Assert.Contains("\"sort\":\"date desc\"", response.Request.PostData, StringComparison.Ordinal);
        Assert.Contains("\"facets\":\"year,tags", response.Request.PostData, StringComparison.Ordinal);
        Assert.All(keys, key => Assert.EndsWith(".png", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sort_ByName_PutsEntriesInOrder()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");
        await page.WaitForSelectorAsync("#grid li[data-key]");

        await page.RunAndWaitForResponseAsync(
            () => page.SelectOptionAsync("#sort", "path"), answer => answer.Url.Contains("sort=path", StringComparison.Ordinal));
        await page.WaitForFunctionAsync("() => !document.body.classList.contains('stale')");
        string[] documents = await page.Locator("#grid li[data-key]").EvaluateAllAsync<string[]>(
            "all => all.map(li => li.dataset.key.split('#')[0])");

        Assert.Equal(documents.Order(StringComparer.Ordinal), documents);
        Assert.Contains("sort=path", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facet_OfTheKeyboard_OpensAndCloses()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");
        await page.WaitForSelectorAsync(".facet[data-field=extension]");

        await page.FocusAsync(".facet[data-field=extension] summary");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".facet[data-field=extension][open] li button");
        await page.Keyboard.PressAsync("Escape");

        await page.WaitForSelectorAsync(".facet[data-field=extension]:not([open])");
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches('.facet[data-field=extension] summary')"));
    }
}
