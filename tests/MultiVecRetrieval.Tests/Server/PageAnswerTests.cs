using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Answers on the page: written while one looks on, with citations that lead to their sources.</summary>
public class PageAnswerTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Answer_Question_CitesAndLeadsToTheSource()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        browser.Chat.Intercept = _ => Task.FromResult(false);
        browser.Chat.Pieces = ["It \"measures", " angles\" [1]", " <b>and no more</b> [7]."];
        IPage page = await browser.OpenAsync("/?q=sextant");
        await page.WaitForSelectorAsync("#grid li[data-key]");

        await page.ClickAsync("#ask");
        await page.WaitForSelectorAsync(".cited li");
        string text = await page.InnerTextAsync(".answer-text");

        Assert.Contains("\"measures angles\"", text, StringComparison.Ordinal);
        Assert.Contains("<b>and no more</b>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[7]", text, StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator(".answer-text .cite").CountAsync());
        Assert.Equal(1, await page.Locator(".cited .verbatim").CountAsync());
        Assert.Contains("7", await page.InnerTextAsync(".answer .notice"), StringComparison.Ordinal);

        await page.ClickAsync(".answer-text .cite");
        await page.WaitForSelectorAsync("#detail[open] .reading");
        Assert.Contains("navigation", await page.InnerTextAsync("#detailTitle"), StringComparison.OrdinalIgnoreCase);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("#detail:not([open])", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        Assert.True(await page.IsVisibleAsync(".cited li"));

        // The address asks again.
        int asked = browser.Chat.Requests.Count;
        await page.ReloadAsync();
        await page.WaitForSelectorAsync(".cited li");
        Assert.Equal(asked + 1, browser.Chat.Requests.Count);

        await page.ClickAsync(".answer header button");
        await page.WaitForSelectorAsync("#answer", new PageWaitForSelectorOptions { State = WaitForSelectorState.Hidden });
        Assert.DoesNotContain("ask=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ModelThatFails_SaysSoAndIsAskedAgain()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        browser.Chat.Pieces = ["Angles [1]."];
        browser.Chat.Intercept = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.FromResult(true);
        };
        IPage page = await browser.OpenAsync("/?q=sextant&ask=1");
        await page.WaitForSelectorAsync("#answer .error");
        Assert.Contains("401", await page.InnerTextAsync("#answer .error"), StringComparison.Ordinal);

        browser.Chat.Intercept = _ => Task.FromResult(false);
        await page.ClickAsync("#answer .pill");
        await page.WaitForSelectorAsync(".cited li");
    }

    [Fact]
    public async Task Saved_Search_IsKeptAskedAndForgotten()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=sextant&type=text");
        await page.WaitForSelectorAsync("#grid li[data-key]");
        await page.ClickAsync("#saved summary");
        await page.ClickAsync("#save");
        await page.WaitForSelectorAsync("#saved .saved");

        await page.GotoAsync(browser.Address);
        await page.WaitForSelectorAsync("#grid li[data-key]");
        await page.ClickAsync("#saved summary");
        await page.ClickAsync("#saved .saved button");
        await page.WaitForFunctionAsync("() => document.getElementById('q').value === 'sextant'");
        Assert.Contains("type=text", page.Url, StringComparison.Ordinal);

        await page.ClickAsync("#saved summary");
        await page.ClickAsync("#saved .saved .icon");
        Assert.Equal(0, await page.Locator("#saved .saved").CountAsync());
    }

    [Fact]
    public async Task Video_OfAQuestion_ShowsItsScoresOverTime()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella&type=video");
        await page.WaitForSelectorAsync("#grid li[data-key]");
        await page.ClickAsync("#grid li[data-key] a");
        await page.WaitForSelectorAsync(".track .strip");

        string path = (await page.GetAttributeAsync(".track .strip path", "d"))!;
        Assert.True(path.Count(c => c == 'L') > 3, path);
        Assert.Contains("umbrella", await page.GetAttributeAsync(".track .strip", "aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Panel_SaysHowTheCollectionIsSearched()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");
        await page.WaitForSelectorAsync("#grid li[data-key]");
        await page.ClickAsync("#openPanel");
        await page.WaitForSelectorAsync("#tiers tbody tr");

        string table = await page.InnerTextAsync("#tiers");
        Assert.Contains("page-words", table, StringComparison.Ordinal);
        Assert.Contains("exact", table, StringComparison.Ordinal);
    }
}
