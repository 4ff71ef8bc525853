using Microsoft.Playwright;
using MultiVecRetrieval.Tests.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>One small real collection, a server over it, and a Chromium that may reach nothing else.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly string _folder = Directory.CreateTempSubdirectory("mvr-browser-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private RunningServer? _server;
    private ChatServer? _chat;

    /// <summary>Why there is no browser; null when there is one.</summary>
    public string? Missing { get; private set; }

    public string Media => Path.Combine(_folder, "media");

    /// <summary>The model that answers on the page.</summary>
    internal ChatServer Chat => _chat!;

    public string Address => _server!.Address;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            Missing = $"{Chromium} is not installed.";
            return;
        }

        GeneratedMedia.Write(Media);
        File.WriteAllText(
            Path.Combine(Media, "navigation notes.md"), "# Navigation\n\nThe sextant measures angles.\n\nMarkup is shown `<b>as it is</b>`.\n");
        string data = Path.Combine(_folder, "indexes");
        using (Library library = new(new LibraryOptions { DataFolder = data }))
        {
            IndexReport report = await library.IndexAsync(new IndexRequest { Collection = "small", Paths = [Media] });
            Assert.Empty(report.Failed);
        }

        _chat = await ChatServer.StartAsync();
        _server = await RunningServer.StartAsync(folder: data, answer: _chat.Options);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                "--disable-dev-shm-usage"],
        });
    }

    /// <summary>A page of its own; every address it asks for lands in <paramref name="requests"/>.</summary>
    public async Task<IPage> OpenAsync(string path, List<string>? requests = null, int width = 1280, int height = 800)
    {
        IBrowserContext context =
            await _browser!.NewContextAsync(
            new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        page.Request += (_, request) => requests?.Add(request.Url);
        await page.GotoAsync(Address + path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_chat is not null)
        {
            await _chat.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
