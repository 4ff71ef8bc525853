using System.Diagnostics;
using System.Text;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

/// <summary>What is read of HTML and of Markdown, which is read as the page that it makes.</summary>
public sealed class HtmlReaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string Long = string.Concat(Enumerable.Repeat("Ships wait for the tide. ", 30)).Trim();

    [Fact]
    public void Html_FrameScriptsAndHiddenThings_AreLeftOut()
    {
        TextContent content = Html("""
            <!DOCTYPE html><html><head><title>The
              port</title><meta name="Author" content="A. Pilot"><style>p { color: red }</style></head>
            <body><nav>Home | About</nav><script>alert("no")</script><div role="navigation">menu</div>
            <h1>Har<b>bour</b></h1><p hidden>secret</p><p style="display: none">secret</p><p>See <a href="x">the
            tide</a>.<br>Now.</p><pre>  two
              lines</pre><ul><li>one<li>two</ul><img alt="a crane"><table><tr><th>Berth<th>Depth<tr><td>North<td>9 m</table>
            <footer>(c)</footer></body></html>
            """);

        Assert.Equal("The port", content.Title);
        Assert.Equal("A. Pilot", Assert.Single(content.Metadata).Value.Value);
        Assert.Equal("Harbour\n\nSee the tide.\nNow.\n\n  two\n  lines\n\n- one\n\n- two\n\na crane\n\nBerth\tDepth\nNorth\t9 m",
            Assert.Single(content.Parts).Text);
    }

    [Fact]
    public void Html_MainPart_IsReadAlone()
    {
        TextContent content = Html($"<html><body><div>Advertisement</div><main><p>{Long}</p></main></body></html>");

        Assert.Equal(Long, Assert.Single(content.Parts).Text);
    }

    [Fact]
    public void Html_HeadingsAndLongText_MakeSections()
    {
        TextContent content = Html($"<h1>One</h1><p>{Long}</p><h2>Two</h2>"
            + string.Concat(Enumerable.Repeat($"<p>{Long}</p>", 8)));

        Assert.Equal("One", content.Title);
        Assert.Equal(["#section=1", "#section=2", "#section=3"], content.Parts.Select(part => part.Mark));
        Assert.StartsWith("One\n\nShips", content.Parts[0].Text, StringComparison.Ordinal);

        // The heading of a section that was cut stands above each of its parts.
        Assert.All(content.Parts.Skip(1), part => Assert.StartsWith("Two\n\nShips", part.Text, StringComparison.Ordinal));
        Assert.All(content.Parts, part => Assert.InRange(part.Text.Length, 1, TextContent.MaxPartLength + Long.Length));
    }

    [Theory]
    [InlineData("windows-1251", "<html><meta charset=windows-1251><p>Гавань</p>")]
    [InlineData("iso-8859-1", "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\"></head><p>Hafenmühle</p>")]
    [InlineData("utf-8", "<html><p>Hafenmühle 港</p>")]
    [InlineData("utf-16", "\uFEFF<html><p>Hafenmühle 港</p>")]
    public void Html_Encodings_AreThoseDeclaredOrSeen(string encoding, string html)
    {
        System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        TextContent content = HtmlReader.Read(
            System.Text.Encoding.GetEncoding(encoding).GetBytes(html), Limit, TestContext.Current.CancellationToken);

        string text = html[(html.IndexOf("<p>", StringComparison.Ordinal) + 3)..^4];
        Assert.Equal(text, Assert.Single(content.Parts).Text);
    }

    [Theory]
    [InlineData("<svg>", "<circle r='3'/>", 3000)]
    [InlineData("<p>", "<font>y ", 1100)]
    [InlineData("<p>", "<li>y", 20_000)]
    [InlineData("<table>", "<tr><td>y", 20_000)]
    [InlineData("<div>", "<p>y", 100_000)]
    public void Html_ManyElementsThatNeedNoEnd_AreRead(string before, string element, int count)
    {
        TextContent content = Html($"<html><h1>Sales</h1><p>umbrellas</p>{before}{string.Concat(Enumerable.Repeat(element, count))}</html>");

        Assert.StartsWith("Sales\n\numbrellas", content.Parts[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<li><dd>")]
    [InlineData("<dd><li>")]
    [InlineData("<svg><g>")]
    [InlineData("<template>")]
    [InlineData("<table><td>")]
    public void Html_ElementsThatStayOpen_AreRefusedForTheirDepth(string element)
    {
        Stopwatch clock = Stopwatch.StartNew();

        MediaException error = Assert.Throws<MediaException>(() => Html(string.Concat(Enumerable.Repeat(element, 100_000))));

        Assert.Contains("nests deeper than", error.Reason, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Html_PageThatTakesLong_EndsWithTheLimitOrTheToken()
    {
        byte[] page = System.Text.Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("<span>", 3900)) + string.Concat(Enumerable.Repeat("</x>", 4_000_000)));
        using CancellationTokenSource source = new(TimeSpan.FromSeconds(0.5));
        Stopwatch clock = Stopwatch.StartNew();

        Assert.ThrowsAny<OperationCanceledException>(() => HtmlReader.Read(page, Limit, source.Token));
        MediaException error = Assert.Throws<MediaException>(
            () => HtmlReader.Read(page, TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken));

        Assert.Equal("media:fileTimeout", error.Setting);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Html_HeadingsWithoutText_MakeSeveralSections()
    {
        TextContent content = Html(string.Concat(Enumerable.Range(0, 2000).Select(i => $"<h2>Heading {i}</h2>")));

        Assert.InRange(content.Parts.Count, 5, 100);
        Assert.All(content.Parts, part => Assert.InRange(part.Text.Length, 1, TextContent.MaxPartLength + 100));
        Assert.Equal(2000, content.Parts.Sum(part => part.Text.Split("\n\n").Length));
    }

    [Fact]
    public void Html_WithoutText_HasOneEmptySection() => Assert.Equal("", Assert.Single(Html("<html><img src=x></html>").Parts).Text);

    [Fact]
    public void Markdown_Page_IsReadWithoutItsMarkup()
    {
        TextContent content = Markdown("""
            ---
            title: "Tide tables"
            tags: [moon, 'sea']
            author: A. Pilot
            ---
            # Harbour

            See [the *tide*](http://example.org/x "t") and `code`. <script>alert(1)</script>

            - one
            - two

            | Berth | Depth |
            |-------|-------|
            | North | 9 m   |

            ```sh
            ls  -l
            ```
            """);

        Assert.Equal("Tide tables", content.Title);
        Assert.Equal((MetadataValue.List(["moon", "sea"]), "A. Pilot"), (content.Metadata["keywords"], content.Metadata["author"].Value));
        Assert.Equal("Harbour\n\nSee the tide and code.\n\n- one\n\n- two\n\nBerth\tDepth\nNorth\t9 m\n\nls  -l", Assert.Single(content.Parts).Text);
    }

    [Fact]
    public void Markdown_WithoutFrontMatter_IsCalledByItsFirstHeading() => Assert.Equal("Port", Markdown("Port\n====\ntext").Title);

    private static TextContent Html(string html) =>
        HtmlReader.Read(System.Text.Encoding.UTF8.GetBytes(html), Limit, TestContext.Current.CancellationToken);

    private static TextContent Markdown(string text) =>
        MarkdownReader.Read(System.Text.Encoding.UTF8.GetBytes(text), Limit, TestContext.Current.CancellationToken);
}
