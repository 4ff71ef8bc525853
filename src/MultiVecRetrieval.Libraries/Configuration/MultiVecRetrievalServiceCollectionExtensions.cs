using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MultiVecRetrieval;

/// <summary>Registers the library with a container of services.</summary>
public static class MultiVecRetrievalServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="Library"/> that all share and the container closes, with its <see cref="IOptions{TOptions}"/>. It is opened when
    /// it is first asked for, and logs where the container logs.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>The options are the defaults, or what was added before. Getting the library throws
    /// <see cref="InvalidSettingException"/> when an option is out of range.</remarks>
    public static IServiceCollection AddMultiVecRetrieval(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => Options.Create(new LibraryOptions()));
        services.TryAddSingleton(provider => new Library(
            provider.GetRequiredService<IOptions<LibraryOptions>>().Value, provider.GetService<ILoggerFactory>()));
        return services;
    }

    /// <summary>The same with options made from the defaults.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Makes the options: <c>options => options with { DataFolder = "data" }</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMultiVecRetrieval(
        this IServiceCollection services, Func<LibraryOptions, LibraryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Replace(ServiceDescriptor.Singleton(_ => Options.Create(configure(new LibraryOptions()))));
        return services.AddMultiVecRetrieval();
    }

    /// <summary>The same with the options of a section of the configuration, by the names of the settings:
    /// <c>MultiVecRetrieval:Media:MaxPages</c>; case is ignored.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section; the whole configuration would have settings of others, which are refused.</param>
    /// <returns>The services.</returns>
    /// <remarks>The section is read when the options are first asked for, which throws <see cref="InvalidSettingException"/> for a setting
    /// that is unknown or has a value that is not accepted.</remarks>
    public static IServiceCollection AddMultiVecRetrieval(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.Replace(ServiceDescriptor.Singleton(_ => Options.Create(LibrarySettings.Read(section))));
        return services.AddMultiVecRetrieval();
    }
}
