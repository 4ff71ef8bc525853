using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Videos made by ffmpeg whose frames tell what they are.</summary>
internal static class VideoFixture
{
    private const double ClockGrayPerSecond = 21;

    public static void Create(string path, params string[] arguments)
    {
        ProcessStartInfo start =
            new("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, "file:" + path]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(error);
        }
    }

    /// <summary>Each frame is grey, 16 + 21 per second of its time, without loss.</summary>
    public static string CreateClock(TemporaryFolder folder, double framesPerSecond, double seconds)
    {
        string path = folder.PathOf("clock.mkv");
        string source = string.Create(CultureInfo.InvariantCulture, $"color=black:s=32x32:r={framesPerSecond}:d={seconds}");
        Create(path, "-f", "lavfi", "-i", source, "-vf", "format=yuv444p,geq=lum='16+21*T':cb=128:cr=128", "-c:v", "ffv1");
        return path;
    }

    /// <summary>The time that a frame of the clock shows: grey 16 is 0 in full range, and one step of luma is 255/219 of grey.</summary>
    public static double ReadClock(RgbImage image) => image.Pixels[0] * 219.0 / 255 / ClockGrayPerSecond;

    /// <summary>Ten seconds of two slides, red and from second 4 on blue, in three frames of variable length.</summary>
    public static string CreateSlides(TemporaryFolder folder)
    {
        string path = folder.PathOf("slides.mp4");
        Create(path, "-f", "lavfi", "-i", "color=red:s=64x48:r=25:d=10", "-vf",
            "select='eq(n,0)+eq(n,100)+eq(n,249)',drawbox=c=blue:t=fill:enable='gt(t,3)'", "-fps_mode", "vfr", "-c:v", "libx264");
        return path;
    }

    /// <summary>Writes a clockwise rotation into the matrix of an MP4's track header (ISO/IEC 14496-12, 8.3.2).</summary>
    public static byte[] Rotate(byte[] mp4, int degrees)
    {
        int matrix = mp4.AsSpan().IndexOf("tkhd"u8) + 44;
        (int cos, int sin) = degrees switch { 90 => (0, 1), 180 => (-1, 0), _ => (0, -1) };
        int[] values = [cos, sin, 0, -sin, cos];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(mp4.AsSpan(matrix + (4 * i)), values[i] << 16);
        }

        return mp4;
    }

    public static string NameColor(RgbImage image) => (image.Pixels[0] > 128, image.Pixels[1] > 128, image.Pixels[2] > 128) switch
    {
        (true, false, false) => "red",
        (false, true, false) => "lime",
        (false, false, true) => "blue",
        _ => $"{image.Pixels[0]} {image.Pixels[1]} {image.Pixels[2]}",
    };
}
