using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Refuses parameters in an address that its handler does not read: a misspelt wish must not be passed over in silence.</summary>
internal static class QueryNames
{
    /// <summary>Makes the filter of one endpoint from the parameters of its handler.</summary>
    public static EndpointFilterDelegate Check(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        HashSet<string> known = new(endpoint.MethodInfo.GetParameters().SelectMany(NamesOf), StringComparer.OrdinalIgnoreCase);
        return context =>
        {
            HttpRequest request = context.HttpContext.Request;
            foreach (string name in request.Query.Keys)
            {
                if (!known.Contains(name) || request.RouteValues.ContainsKey(name))
                {
                    IEnumerable<string> others = known.Where(other => !request.RouteValues.ContainsKey(other));
                    string list = string.Join(", ", others.Order(StringComparer.Ordinal));
                    throw RequestException.Invalid(name,
                        $"There is no parameter '{name}' here; {(list.Length == 0 ? "this address takes none" : $"known are {list}")}.");
                }
            }

            return next(context);
        };
    }

    private static IEnumerable<string> NamesOf(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(AsParametersAttribute))
            ? parameter.ParameterType.GetProperties()
                .Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name ?? property.Name)
            : IsPlain(parameter.ParameterType) ? [parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!] : [];

    // What an address can say: texts, numbers and truth values; everything else is a service or a body.
    private static bool IsPlain(Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        return inner == typeof(string) || inner.IsPrimitive || inner.IsEnum;
    }
}
