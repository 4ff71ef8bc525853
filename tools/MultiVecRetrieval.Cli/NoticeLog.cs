using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval.Cli;

/// <summary>Shows warnings and errors of background work as notices on standard error.</summary>
internal sealed class NoticeLog : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Notices go to standard error alone.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Terminal.WriteNotice(
                exception is null ? formatter(state, null) : $"{formatter(state, exception)} ({ErrorText.Get(exception)})");
        }
    }

    public void Dispose()
    {
    }
}
