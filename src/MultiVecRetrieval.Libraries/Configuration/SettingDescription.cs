namespace MultiVecRetrieval;

/// <summary>A setting as people see it.</summary>
/// <param name="Name">Its name, <c>media:maxPages</c>.</param>
/// <param name="EnvironmentVariable">Its environment variable, <c>MVR_MEDIA__MAX_PAGES</c>.</param>
/// <param name="Expected">What is accepted.</param>
/// <param name="Value">Its value, as it would be written.</param>
public sealed record SettingDescription(string Name, string EnvironmentVariable, string Expected, string Value);
