namespace MultiVecRetrieval;

/// <summary>Messages of exceptions as people read them.</summary>
public static class ErrorText
{
    /// <summary>The message without the name that a parameter has in the code, which says nothing to who wrote a setting or a
    /// request.</summary>
    public static string Get(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is ArgumentException { ParamName: { } name }
            ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : exception.Message;
    }
}
