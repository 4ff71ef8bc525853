using System.Runtime.ExceptionServices;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Reads what a person would read of an HTML page: no scripts run, nothing it refers to is fetched, and navigation, forms and what is
/// hidden are left out. Sections by headings.
/// </summary>
internal static class HtmlReader
{
    // What is declared stands in the first 1,024 bytes by the standard; pages are more generous.
    private const int DeclarationLength = 4096;

    // Where the page says what its main part is and that is not next to nothing, the rest is frame.
    private const int MinMainLength = 200;

    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "nav", "select",
        "button", "textarea", "input", "datalist", "dialog", "head",
    };

    private static readonly HashSet<string> FrameRoles = new(StringComparer.OrdinalIgnoreCase)
    {
        "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "tablist", "dialog", "alertdialog",
    };

    private static readonly HashSet<string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
        "label", "mark", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr", "br", "td", "th", "picture", "source",
    };

    /// <summary>Reads a file in the encoding that it declares, or that it looks like.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="timeout">What the page may take.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MediaException">The bytes are no text, the page nests too deeply, or it took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TextContent Read(byte[] bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> head = bytes.AsSpan(0, Math.Min(bytes.Length, DeclarationLength));
        bool declares = TextDecoder.Detect(bytes).MarkLength == 0
            && System.Text.Encoding.ASCII.GetString(head).Contains("charset", StringComparison.OrdinalIgnoreCase);
        return declares ? Parse(bytes, timeout, cancellationToken) : Read(TextDecoder.Decode(bytes), timeout, cancellationToken);
    }

    /// <summary>Reads a page.</summary>
    /// <param name="html">The page.</param>
    /// <param name="timeout">What it may take.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MediaException">It nests too deeply, or took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TextContent Read(string html, TimeSpan timeout, CancellationToken cancellationToken) =>
        // The mark says the encoding, whatever the page declares.
        Parse([.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(html)], timeout, cancellationToken);

    private static TextContent Parse(byte[] bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        HtmlGuard guard = new(timeout, cancellationToken);
        HtmlParserOptions options = new() { IsScripting = false, OnCreated = (element, _) => guard.Meet(element) };
        // Without a context that has a loader there is nothing that could fetch or run anything.
        using Stream stream = guard.Watch(bytes);
        using IHtmlDocument document = ParseDocument(new HtmlParser(options), stream);
        SectionBuilder sections = new();
        if (FindMain(document) is { } root)
        {
            new Walk(sections, guard).Run(root);
        }

        IReadOnlyList<TextPart> parts = sections.Build();
        string title = Collapse(document.Title ?? "");
        return new TextContent(title.Length > 0 ? title : sections.FirstHeading, ReadMetadata(document), parts);
    }

    // The parser waits for its stream, so what the guard says while bytes are read comes wrapped.
    private static IHtmlDocument ParseDocument(HtmlParser parser, Stream stream)
    {
        try
        {
            return parser.ParseDocument(stream);
        }
        catch (AggregateException wrapped)
        {
            ExceptionDispatchInfo.Throw(wrapped.GetBaseException());
            throw;
        }
    }

    private static IElement? FindMain(IHtmlDocument document)
    {
        IElement[] mains = [.. document.QuerySelectorAll("main, [role=main]").Take(2)];
        return mains is [var only] && only.TextContent.Length >= MinMainLength ? only : document.Body;
    }

    private static Dictionary<string, MetadataValue> ReadMetadata(IHtmlDocument document)
    {
        Dictionary<string, MetadataValue> metadata = [];
        foreach (IElement meta in document.QuerySelectorAll("meta[name][content]"))
        {
            string name = meta.GetAttribute("name")!.ToLowerInvariant();
            if (name is "author" or "description" or "keywords")
            {
                TextMetadata.Add(metadata, name, meta.GetAttribute("content"));
            }
        }

        return metadata;
    }

    private static bool IsLeftOut(IElement element) =>
        LeftOut.Contains(element.LocalName) || element.HasAttribute("hidden")
        || string.Equals(element.GetAttribute("aria-hidden"), "true", StringComparison.OrdinalIgnoreCase)
        || (element.GetAttribute("role") is { } role && FrameRoles.Contains(role))
        // The sign of a paragraph behind headings that makes a link to them.
        || (element.LocalName == "a" && element.ClassList.Contains("headerlink"))
        || (element.LocalName == "footer" && element.ParentElement?.LocalName == "body")
        || (element.GetAttribute("style") is { } style && IsHiddenBy(style));

    private static bool IsHiddenBy(string style)
    {
        string plain = style.Replace(" ", "", StringComparison.Ordinal);
        return plain.Contains("display:none", StringComparison.OrdinalIgnoreCase)
            || plain.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase);
    }

    private static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Goes through the elements without calling itself: pages nest as deep as their authors like.</summary>
    private sealed class Walk(SectionBuilder sections, HtmlGuard guard)
    {
        private readonly StringBuilder _block = new();
        private readonly StringBuilder _table = new();
        private int _preformatted;
        private int _tables;
        private bool _isHeading;

        public void Run(IElement root)
        {
            // By their numbers: to find the next of a child, the tree looks through all of them.
            Stack<int> next = new([0]);
            INode parent = root;
            while (next.TryPop(out int index))
            {
                guard.Check();
                if (index == parent.ChildNodes.Length)
                {
                    // All children were read: the element is over.
                    if (next.Count > 0)
                    {
                        Leave((IElement)parent);
                        parent = parent.Parent!;
                    }

                    continue;
                }

                next.Push(index + 1);
                INode node = parent.ChildNodes[index];
                if (node is IElement element && !IsLeftOut(element))
                {
                    Enter(element);
                    next.Push(0);
                    parent = element;
                }
                else if (node is IText text)
                {
                    _block.Append(_preformatted > 0 ? text.Data : Unbroken(text.Data));
                }
            }

            EndBlock();
            EndTable();
        }

        private void Enter(IElement element)
        {
            switch (element.LocalName)
            {
                case "br":
                    _block.Append('\n');
                    return;
                case "img" when element.GetAttribute("alt") is { Length: > 0 } alternative:
                    _block.Append(' ').Append(alternative).Append(' ');
                    return;
                case "td" or "th":
                    _block.Append(_block.Length > 0 ? "\t" : "");
                    return;
            }

            if (Inline.Contains(element.LocalName))
            {
                return;
            }

            EndBlock();
            _preformatted += element.LocalName == "pre" ? 1 : 0;
            _tables += element.LocalName == "table" ? 1 : 0;
            _isHeading = IsHeading(element);
            if (element.LocalName == "li")
            {
                _block.Append("- ");
            }
        }

        private void Leave(IElement element)
        {
            if (Inline.Contains(element.LocalName))
            {
                return;
            }

            EndBlock();
            _preformatted -= element.LocalName == "pre" ? 1 : 0;
            if (element.LocalName == "table" && --_tables == 0)
            {
                EndTable();
            }
        }

        private void EndBlock()
        {
            string text = _preformatted > 0 ? _block.ToString().Trim('\n') : Tidy(_block.ToString());
            _block.Clear();
            bool isHeading = _isHeading;
            _isHeading = false;
            if (string.IsNullOrWhiteSpace(text) || text == "-")
            {
                return;
            }

            if (isHeading)
            {
                EndTable();
                sections.AddHeading(text.Replace('\n', ' '));
            }
            else if (_tables > 0)
            {
                // A row a line.
                _table.Append(_table.Length > 0 ? "\n" : "").Append(text);
            }
            else
            {
                sections.AddBlock(text);
            }
        }

        private void EndTable()
        {
            sections.AddBlock(_table.ToString());
            _table.Clear();
        }

        private static bool IsHeading(IElement element) => element.LocalName is ['h', >= '1' and <= '6'];

        // Line ends in the source are spaces; those that stay come from <br>.
        private static string Unbroken(string text) => text.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ');

        private static string Tidy(string text) => string.Join('\n', text.Split('\n').Select(line => string.Join('\t',
            line.Split('\t').Select(Collapse)).Trim()).Where(line => line.Length > 0));
    }
}
