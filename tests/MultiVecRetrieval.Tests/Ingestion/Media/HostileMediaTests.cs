using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Whatever a file holds, it is read or refused by a <see cref="MediaException"/>, within its limits.</summary>
public sealed class HostileMediaTests
{
    private static readonly MediaLimits Limits =
        new() { PageTimeout = TimeSpan.FromSeconds(4), FileTimeout = TimeSpan.FromSeconds(20), MaxChildMemoryBytes = 1L << 30 };
    private static readonly ImageDecoder Images = new(Limits);
    private static readonly PdfReader Documents = new(Limits);
    private static readonly VideoReader Videos = new(Limits);
    private static readonly TextDocumentReader Texts = new(Limits);

    public static TheoryData<string> Names => [.. HostileCorpus.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_HostileFile_IsRefusedOrHandled(string name)
    {
        using TemporaryFolder folder = new();
        (Verdict verdict, Func<byte[]> create) = HostileCorpus.Cases[name];
        string path = folder.Write(name, create());

        MediaException? error = Examine(path);

        Assert.True(verdict != Verdict.Refused || error is not null, "the file was read");
        Assert.True(verdict != Verdict.Handled || error is null, $"the file was refused: {error?.Message}");
        Assert.True(error is null || error.Reason.Length > 10, "the reason says nothing");
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:{0}/x.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile http://127.0.0.1:{0}/x.mp4\n")]
    public async Task Read_PlaylistNamedMp4_NoConnectionIsMade(string text)
    {
        using TemporaryFolder folder = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        string path =
            folder.Write("evil.mp4", System.Text.Encoding.ASCII.GetBytes(text.Replace("{0}", $"{port}", StringComparison.Ordinal)));
        // The arguments alone, without the sniffer before them and without an empty network around them.
        VideoSource source = new()
        {
            Path = path,
            Demuxers = "mov",
            StreamIndex = 0,
            TrackNumber = 1,
            Information = new VideoInformation(2, 2, 1, 1, "", "", 0),
        };

        MediaException? error = Examine(path);
        RunBare(["-nostdin", "-v", "error", .. source.InputArguments(Limits), .. VideoSource.OutputArguments]);
        RunBare([.. VideoSource.ProbeArguments("mov"), "-i", "file:" + path], "ffprobe");

        Assert.NotNull(error);
        Assert.False(listener.Pending(), "a connection was made");
        if (text.StartsWith("#EXTM3U", StringComparison.Ordinal))
        {
            // The trap works: ffmpeg calls when it may.
            Task<TcpClient> visit = listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
            using Process bare =
                StartBare(["-nostdin", "-v", "error", "-protocol_whitelist", "file,http,tcp", "-i", "file:" + path, "-f", "null", "-"],
                "ffmpeg");
            (await visit.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Dispose();
            bare.Kill();
        }
    }

    [Fact]
    public void RenderPages_OnePageHangs_OnlyThatPageIsLost()
    {
        using TemporaryFolder folder = new();
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 6 0 R/Resources<</XObject<</X 7 0 R>>>>>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>");
        pdf.AddStream("/X Do"u8.ToArray());
        HostileCorpus.AddLaughs(pdf, first: 7);
        string path = folder.Write("hang.pdf", pdf.Write());
        PdfReader reader = new(new MediaLimits { PageTimeout = TimeSpan.FromSeconds(5) });

        PageResult<RgbImage>[] pages = [.. reader.RenderPages(path, 1, 3, 100)];

        Assert.Equal([1, 2, 3], pages.Select(page => page.Page));
        Assert.NotNull(pages[0].Value);
        Assert.Equal("media:pageTimeout", pages[1].Problem?.Setting);
        Assert.NotNull(pages[2].Value);
    }

    [Fact]
    public void RenderPage_ProgramThatStartsOthers_IsKilledAsATree()
    {
        using TemporaryFolder folder = new();
        string pdf = folder.Write("a.pdf", PdfSource.Document(("", "")));
        string pidFile = folder.PathOf("pids");
        string script = folder.Write("script", System.Text.Encoding.ASCII.GetBytes(
            $"#!/bin/sh\ntrap '' TERM\nsleep 300 &\necho $! > {pidFile}\necho $$ >> {pidFile}\nwait\nsleep 300\n"));
        using (Process install = Process.Start("install", ["-m", "755", script, folder.PathOf("pdftoppm")]))
        {
            install.WaitForExit();
        }

        PdfReader reader = new(new MediaLimits { PageTimeout = TimeSpan.FromSeconds(4) }) { ToolFolder = folder.FullName };

        MediaException error = Assert.Throws<MediaException>(() => reader.RenderPage(pdf, 1, 100));

        Assert.Equal("media:pageTimeout", error.Setting);
        string[] pids = File.ReadAllLines(pidFile);
        Assert.Equal(2, pids.Length);
        Assert.All(pids, pid => Assert.True(HasEnded(pid), $"process {pid} lives on"));
    }

    [Fact]
    public void RenderPages_Cancelled_EndsAtOnce()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("laughs.pdf", HostileCorpus.CreateLaughs());
        using CancellationTokenSource source = new(TimeSpan.FromSeconds(1));

        Assert.ThrowsAny<OperationCanceledException>(() => new PdfReader(new MediaLimits()).RenderPage(path, 1, 100, source.Token));
    }

    [Fact]
    public void RenderPage_BombInAStream_NamesTheMemoryLimit()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bomb.pdf", HostileCorpus.Cases["stream-bomb.pdf"].Create());

        MediaException error = Assert.Throws<MediaException>(() => Documents.RenderPage(path, 1, 100));

        Assert.Contains(error.Setting, (string[])["media:maxChildMemoryBytes", "media:pageTimeout"]);
    }

    [Theory]
    [InlineData("a\nb.file")]
    [InlineData("-rf.file")]
    [InlineData("quote'\"`$(x).file")]
    [InlineData("http:evil.file")]
    [InlineData("pipe:0")]
    [InlineData("concat:a|b.file")]
    [InlineData("%d [n=-1].file")]
    [InlineData("Ünï—コード.file")]
    [InlineData(" .file ")]
    public void Read_AnyName_IsOnlyAName(string name)
    {
        using TemporaryFolder folder = new();
        string video = folder.PathOf("v.mkv");
        VideoFixture.Create(video, "-f", "lavfi", "-i", "color=red:s=16x16:r=5:d=1", "-c:v", "ffv1");

        MediaException? document = Examine(folder.Write(name, PdfSource.Document(("", ""))));
        MediaException? picture = Examine(folder.Write(name, PictureSource.Png(1, 1, 8, 0, [5])));
        MediaException? film = Examine(folder.Write(name, File.ReadAllBytes(video)));

        Assert.Null(document);
        Assert.Null(picture);
        Assert.Null(film);
    }

    [Fact]
    public void Read_NoRegularFile_IsRefusedWithoutBlocking()
    {
        using TemporaryFolder folder = new();
        string pipe = folder.PathOf("pipe.jpg");
        using (Process mkfifo = Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
        }

        string invalid = folder.PathOf("bytes-\uFFFD.jpg");
        foreach (string path in (string[])[pipe, folder.FullName, "/dev/zero", folder.PathOf("missing"), invalid, "/proc/self/mem/x"])
        {
            Assert.Throws<MediaException>(() => MediaSniffer.DetectFile(path));
            Assert.Throws<MediaException>(() => Images.DecodeFile(path));
            Assert.Throws<MediaException>(() => Documents.ReadInformation(path));
            Assert.Throws<MediaException>(() => Videos.ReadInformation(path));
        }
    }

    [Theory]
    [InlineData("pngsave_buffer")]
    [InlineData("jpegsave_buffer")]
    [InlineData("webpsave_buffer")]
    [InlineData("tiffsave_buffer")]
    [InlineData("gifsave_buffer")]
    [InlineData("heifsave_buffer", "compression", "av1")]
    public void Decode_CutPicture_IsRefused(string saver, string? name = null, string? value = null)
    {
        byte[] file = PictureSource.Save(PictureSource.Gradient(200, 150), saver, name is null ? [] : [(name, value!)]);
        int[] cuts = [1, 5, 11, 25, 40, .. Enumerable.Range(1, 18).Select(i => file.Length * i / 20)];

        Assert.All(cuts, cut => Assert.Throws<MediaException>(() => Images.Decode(file.AsMemory(0, cut))));
    }

    [Theory]
    [InlineData("pngsave_buffer")]
    [InlineData("jpegsave_buffer")]
    [InlineData("webpsave_buffer")]
    [InlineData("tiffsave_buffer")]
    [InlineData("gifsave_buffer")]
    [InlineData("heifsave_buffer", "compression", "av1")]
    public void Decode_FlippedBits_IsAPictureOrAnError(string saver, string? name = null, string? value = null)
    {
        Random random = new(Seed: 7);
        byte[] file = PictureSource.Save(PictureSource.Gradient(64, 48), saver, name is null ? [] : [(name, value!)]);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. file];
            for (int flips = random.Next(1, 20); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            refused += TryDecode(damaged) ? 0 : 1;
        }

        Assert.InRange(refused, 1, 300);
    }

    [Fact]
    public void Read_DamagedDocumentsAndVideos_AreReadOrRefused()
    {
        using TemporaryFolder folder = new();
        string video = folder.PathOf("v.mp4");
        VideoFixture.Create(video, "-f", "lavfi", "-i", "testsrc2=s=32x32:r=5:d=2", "-c:v", "mpeg4");
        byte[][] files = [File.ReadAllBytes(video), PdfSource.Document((PdfSource.Text("Hello", 100, 600), ""), ("", ""))];
        Random random = new(Seed: 11);
        foreach (byte[] file in files)
        {
            for (int i = 0; i < 12; i++)
            {
                byte[] damaged = i % 2 == 0 ? file[..random.Next(10, file.Length)] : [.. file];
                for (int flips = i % 2 == 0 ? 0 : 10; flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                _ = Examine(folder.Write("damaged", damaged));
            }
        }
    }

    // Reads a file the way indexing does; null when everything went well.
    private static MediaException? Examine(string path)
    {
        try
        {
            if (new FileFormats(new TextNames([])).Decide(FileOf(path), out MediaFormat format) is { } refusal)
            {
                return new MediaException(refusal.Reason);
            }

            switch (MediaSniffer.GetMediaType(format))
            {
                case MediaType.Text:
                    TextContent content = Texts.Read(path, format, TestContext.Current.CancellationToken);
                    Assert.NotEmpty(content.Parts);
                    Assert.All(content.Parts, part => Assert.InRange(part.Text.Length, 0, 2 * TextContent.MaxPartLength));
                    return null;
                case MediaType.Page:
                    int pages = Documents.ReadInformation(path).PageCount;
                    RgbImage page = Documents.RenderPage(path, 1, 200);
                    Assert.Equal(200, Math.Max(page.Width, page.Height), 1.0);
                    return Documents.ReadText(path, 1, Math.Min(pages, 2)).Select(result => result.Problem)
                        .FirstOrDefault(problem => problem is not null);
                case MediaType.Video:
                    Assert.NotEmpty(Videos.ReadFrames(path, new FrameSampling()));
                    return null;
                default:
                    (int width, int height) = Images.ReadSize(path);
                    RgbImage image = Images.DecodeFile(path);
                    Assert.Equal((width, height), (image.Width, image.Height));
                    Assert.NotEmpty(Images.CreateThumbnail(path, 32));
                    return null;
            }
        }
        catch (MediaException exception)
        {
            return exception;
        }
    }

    private static FoundFile FileOf(string path) =>
        new(Path.GetDirectoryName(path)!, Path.GetFileName(path), path, new FileInfo(path).Length, DateTimeOffset.UnixEpoch);

    private static bool TryDecode(byte[] bytes)
    {
        try
        {
            Images.Decode(bytes);
            return true;
        }
        catch (MediaException)
        {
            return false;
        }
    }

    private static bool HasEnded(string pid)
    {
        // A killed process may still wait to be reaped.
        string status = $"/proc/{pid}/stat";
        return !File.Exists(status) || File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
    }

    private static void RunBare(string[] arguments, string program = "ffmpeg")
    {
        using Process process = StartBare(arguments, program);
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);
    }

    private static Process StartBare(string[] arguments, string program)
    {
        ProcessStartInfo start =
            new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
