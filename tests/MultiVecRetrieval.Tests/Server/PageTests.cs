using Microsoft.Playwright;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>The page as people use it, in Chromium over a real collection.</summary>
public class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string UmbrellaKey = "weather report.pdf#page=2";

    [Fact]
    public async Task Search_WordOnAPage_HighlightsItWhereItStands()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        double[] word = GeneratedMedia.BoxOf(Path.Combine(browser.Media, "weather report.pdf"), page: 2, "umbrella");
        IPage page = await browser.OpenAsync("/");

        await page.FillAsync("#q", "umbrella");
        await page.PressAsync("#q", "Enter");
        await page.ClickAsync($"#grid li[data-key='{UmbrellaKey}']:first-child a");
        await page.WaitForSelectorAsync("#detail .frame img.ready");

        double[][] marks = await page.EvaluateAsync<double[][]>("""
            () => [...document.querySelectorAll('#detail .mk[data-label="umbrella"]')].map((mark) => {
              const frame = document.querySelector('#detail .frame img').getBoundingClientRect();
              const box = mark.getBoundingClientRect();
              return [(box.left - frame.left) / frame.width, (box.top - frame.top) / frame.height,
                      (box.right - frame.left) / frame.width, (box.bottom - frame.top) / frame.height];
            })
            """);

        // Both sides found the word, so both mark it.
        Assert.Equal(1, await page.Locator("#detail .mk.vectors:not(.doubt)[data-label='umbrella']").CountAsync());
        Assert.Equal(1, await page.Locator("#detail .mk.text[data-label='umbrella']").CountAsync());

        // The middle of every mark lies on the word: a mark may be wider than the word, or one cell of it.
        Assert.NotEmpty(marks);
        Assert.All(marks, mark => Assert.InRange((mark[0] + mark[2]) / 2, word[0] - 0.01, word[2] + 0.01));
        Assert.All(marks, mark => Assert.InRange((mark[1] + mark[3]) / 2, word[1] - 0.01, word[3] + 0.01));
    }

    [Fact]
    public async Task Text_InGridAndDetail_IsShownAsTextWithItsPassage()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        List<string> requests = [];
        IPage page = await browser.OpenAsync("/?q=sextant", requests);
        const string Card = "#grid li[data-key='navigation notes.md#section=1']";

        await page.WaitForSelectorAsync($"{Card} .text-sheet mark");
        string[] card = await page.EvaluateAsync<string[]>(
            "card => [...document.querySelectorAll(card + ' mark')].map((mark) => mark.textContent)", Card);
        string? where = await page.TextContentAsync($"{Card} .at");
        await page.ClickAsync($"{Card} a");
        await page.WaitForSelectorAsync("#detail .reading .found mark");
        string? text = await page.TextContentAsync("#detail .reading");
        string? found = await page.TextContentAsync("#detail .reading .found mark");

        Assert.Equal(["sextant"], card.Distinct());
        Assert.Equal("section 1", where);
        Assert.StartsWith("Navigation", text, StringComparison.Ordinal);
        Assert.Contains("<b>as it is</b>", text, StringComparison.Ordinal);
        Assert.Equal("sextant", found);
        Assert.Equal(0, await page.Locator("#detail img").CountAsync());
        Assert.DoesNotContain(requests, request => request.Contains("/picture", StringComparison.Ordinal) && request.Contains("navigation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Detail_OfAHitByItsMeaning_DoesNotSayThatItWasNotFound()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=a+device+for+measuring+angles");

        await page.ClickAsync("#grid li[data-key='navigation notes.md#section=1'] a");
        await page.WaitForSelectorAsync("#detail .words");
        IReadOnlyList<string> absent = await page.Locator("#detail .absent").AllTextContentsAsync();

        Assert.DoesNotContain(absent, text => text.StartsWith("Not found here", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("harbour", "Not found here: moon")]
    [InlineData("meaning", "Not in these words: harbour, moon")]
    public async Task Detail_WordsThatAreMissing_AreNamedOnceAndWhereElseTheyStand(string matched, string expected)
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");

        string[] lines = await page.EvaluateAsync<string[]>("""
            async (matched) => {
              const { show } = await import('/js/detail.js');
              const match = (label) => ({ label, similarity: 1, box: null, span: null, source: 'text', isLikely: true });
              const hit = { key: 'a.md#section=1', document: 'a.md', type: 'text', sources: [], matches: [match(matched)],
                others: [{ key: 'a.md#section=2', document: 'a.md', type: 'text', matches: [match('ship')] }] };
              const words = ['harbour', 'ship', 'moon', 'the', 'meaning', 'the harbour'];
              const labels = new Map(words.map((label, index) => [label, { label, index }]));
              show(hit, { hits: [hit], labels, collection: 'small', hasMore: false });
              return [...document.querySelectorAll('#detail .absent')].map((line) => line.textContent);
            }
            """, matched);

        Assert.Equal(["In other parts of it: ship", expected], lines);
    }

    [Fact]
    public async Task Summary_OfASearch_SaysByWhatAndHowExactly()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage exact = await browser.OpenAsync("/?q=umbrella");
        IPage coded = await browser.OpenAsync("/");
        await coded.RouteAsync("**/search", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            string body = (await answer.TextAsync())
                .Replace("\"stages\":[\"exact\"]", "\"stages\":[\"bits:2\",\"exact\"]", StringComparison.Ordinal)
                .Replace("\"isExact\":true", "\"isExact\":false", StringComparison.Ordinal)
                    .Replace("\"estimatedRecall\":null", "\"estimatedRecall\":0.975", StringComparison.Ordinal);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = body });
        });

        await exact.WaitForSelectorAsync("#grid .card");
        await coded.FillAsync("#q", "umbrella");
        await coded.PressAsync("#q", "Enter");
        await coded.WaitForSelectorAsync("#summary:has-text('bits')");

        Assert.Contains("searched, exactly", await exact.TextContentAsync("#summary"), StringComparison.Ordinal);
        Assert.Contains("is expected to take", await exact.GetAttributeAsync("#summary", "title"), StringComparison.Ordinal);
        Assert.Contains("searched, by bits:2, recall 0.97", await coded.TextContentAsync("#summary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overlay_MergedVector_MarksEveryPlaceAndFewOnASmallPicture()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");

        // Ten places side by side, so that the box around them is the whole picture and has no box of its own.
        string[][] lefts = await page.EvaluateAsync<string[][]>("""
            async () => {
              const { overlay, palette } = await import('/js/marks.js');
              const places = [...Array(10).keys()].map((i) => ({ box: [i / 10, 0, (i + 1) / 10, 1], span: null }));
              const hit = { matches: [{ label: 'tree', similarity: 0.9, box: null, span: null, source: 'vectors:x', isLikely: true, places }] };
              return [Infinity, 2].map((limit) => [...overlay(hit, palette('tree', [hit]), limit).children].map((mark) => mark.style.left));
            }
            """);

        Assert.Equal(["0%", "10%", "20%", "30%", "40%", "50%", "60%", "70%", "80%", "90%"], lefts[0]);
        Assert.Equal(["0%", "10%", "20%", "30%"], lefts[1]);
    }

    [Fact]
    public async Task Video_Hit_OpensAtItsMoment()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=lighthouse&type=video");

        await page.ClickAsync("#grid .card");
        await page.WaitForFunctionAsync("() => document.querySelector('#detail video')?.readyState >= 1");
        await page.WaitForFunctionAsync("() => document.querySelector('#detail video').currentTime > 0.5");
        double time = await page.EvaluateAsync<double>("() => document.querySelector('#detail video').currentTime");
        double start = await page.EvaluateAsync<double>("() => parseFloat(document.querySelector('#detail .tick').style.left) / 100 * 6");

        // The word is seen from 2 s to 4 s; frames are taken once a second.
        Assert.InRange(time, 1, 4);
        Assert.InRange(start, 1, 4);
    }

    [Fact]
    public async Task Video_WithoutTheWord_OpensAtAMomentShownAsDoubtful()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=xylophone&type=video");
        await page.WaitForSelectorAsync("#grid .card");

        Assert.Equal(0, await page.Locator("#grid .mk").CountAsync());
        await page.ClickAsync("#grid .card");
        await page.WaitForSelectorAsync("#detail .tick.doubt", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

        Assert.Equal(0, await page.Locator("#detail .word").CountAsync());
        Assert.Contains("Perhaps here, not sure: xylophone", await page.InnerTextAsync("#detail .doubtful"), StringComparison.Ordinal);
        Assert.NotEqual("–", await page.InnerTextAsync("#detail .facts dd >> nth=0"));
    }

    [Fact]
    public async Task Keyboard_AloneIsEnough()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/");
        await page.WaitForSelectorAsync("#grid .card");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("umbrella");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#grid li:first-child .side')");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#detail[open]");
        Assert.Contains("open=", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("#detail:not([open])", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

        Assert.Contains("q=umbrella", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("open=", page.Url, StringComparison.Ordinal);
        await page.WaitForFunctionAsync("() => document.activeElement.classList.contains('card')");
    }

    [Fact]
    public async Task Address_SharesTheSearch_AndBackWorks()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella");
        await page.WaitForSelectorAsync("#grid .side");
        Assert.Equal("umbrella", await page.InputValueAsync("#q"));

        await page.FillAsync("#q", "granite");
        await page.PressAsync("#q", "Enter");
        await page.WaitForSelectorAsync("#grid li:first-child[data-key='stone.png']");
        await page.GoBackAsync();

        await page.WaitForSelectorAsync($"#grid li:first-child[data-key='{UmbrellaKey}']");
        Assert.Equal("umbrella", await page.InputValueAsync("#q"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?q=umbrella")]
    [InlineData("/?q=umbrella&open=weather%20report.pdf%23page%3D2")]
    [InlineData("/?q=umbrella&filter=page%20%3E%3D%202")]
    public async Task PhoneWidth_HasNoHorizontalScroll(string path)
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync(path, width: 360, height: 720);
        await page.WaitForSelectorAsync("#grid .card", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

        int overflow =
            await page.EvaluateAsync<int>(
            "() => Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('dialog[open]')].map((dialog) => dialog.scrollWidth)) - innerWidth");

        Assert.True(overflow <= 0, $"{path} is {overflow} px too wide.");
    }

    [Fact]
    public async Task Requests_StayAtTheOrigin()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        List<string> requests = [];
        List<string> errors = [];
        IPage page = await browser.OpenAsync("/?q=umbrella", requests);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };

        await page.ClickAsync("#grid .card");
        await page.WaitForSelectorAsync("#detail .frame img.ready");
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("#openPanel");
        await page.WaitForSelectorAsync("#panel[open] #count-indexed");

        Assert.NotEmpty(requests);
        Assert.All(requests,
            url => Assert.True(url.StartsWith(browser.Address, StringComparison.Ordinal)
            || url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal), url));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Others_OfADocument_AreShownOnDemand()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=weather+umbrella+sextant&using=text");
        await page.WaitForSelectorAsync("#grid .others");
        Assert.Equal(2, await page.Locator("#grid .card").CountAsync());
        Assert.Equal("1 more page", await page.InnerTextAsync("#grid .others"));

        await page.ClickAsync("#grid .others");

        Assert.Equal(3, await page.Locator("#grid .card").CountAsync());
        Assert.Equal(2, await page.Locator("#grid li[data-key^='weather report.pdf'] + li[data-key^='weather report.pdf'], "
            + "#grid li[data-key^='weather report.pdf']:has(+ li[data-key^='weather report.pdf'])").CountAsync());
        Assert.Equal(0, await page.Locator("#grid .others").CountAsync());
    }

    [Fact]
    public async Task PagesAround_AHit_AreTurnedToAndTheirTextIsCopied()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella&open=weather%20report.pdf%23page%3D2");
        await page.WaitForSelectorAsync("#detail .pager");

        await page.Keyboard.PressAsync("PageUp");
        await page.WaitForFunctionAsync("() => document.querySelector('#detail .pager span').textContent === 'Page 1'");
        await page.EvaluateAsync("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }");
        await page.ClickAsync("#copyText");
        await page.WaitForFunctionAsync("() => window.copied");
        await page.Keyboard.PressAsync("PageUp");

        await page.WaitForFunctionAsync("() => document.getElementById('toast').textContent.includes('first page')");
        Assert.Contains("open=weather", page.Url, StringComparison.Ordinal);
        Assert.Contains("page%3D1", page.Url, StringComparison.Ordinal);
        Assert.Contains("Annual weather overview", await page.EvaluateAsync<string>("() => window.copied"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_OfAPageThatIsNoHit_OpensIt()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=granite&using=text&open=weather%20report.pdf%23page%3D1");

        await page.WaitForSelectorAsync("#detail[open] .pager");

        Assert.Equal("Page 1", await page.InnerTextAsync("#detail .pager span"));
    }

    [Fact]
    public async Task Filter_ThatCannotBeRead_SaysWhy()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella&filter=page%20%3E%3E%201");

        await page.WaitForSelectorAsync("#state h2");

        Assert.Contains("position", await page.InnerTextAsync("#state"), StringComparison.Ordinal);
        Assert.Equal("true", await page.GetAttributeAsync("#filter", "aria-invalid"));
    }

    [Fact]
    public async Task Word_Toggled_HidesItsMarks()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        IPage page = await browser.OpenAsync("/?q=umbrella&open=weather%20report.pdf%23page%3D2");
        await page.WaitForSelectorAsync("#detail .word");

        await page.ClickAsync("#detail .word[data-word='umbrella']");

        Assert.Equal("false", await page.GetAttributeAsync("#detail .word", "aria-pressed"));
        Assert.Equal(0, await page.Locator("#detail .mk[data-label='umbrella']:not(.off)").CountAsync());
    }
}
