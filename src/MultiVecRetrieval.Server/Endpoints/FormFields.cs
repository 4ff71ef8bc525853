using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Reads the fields of a form into the parameters of a search, by the names that they have in JSON.</summary>
internal static class FormFields
{
    private static readonly Dictionary<string, PropertyInfo> Known = typeof(SearchParameters).GetProperties()
        .Where(property => property.SetMethod is { IsPublic: true })
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);

    public static SearchParameters Read(IFormCollection form)
    {
        SearchParameters parameters = new();
        foreach ((string name, StringValues value) in form)
        {
            if (!Known.TryGetValue(name, out PropertyInfo? property))
            {
                throw RequestException.Invalid(
                    name, $"There is no field '{name}'; known are image (a file), {string.Join(", ", Known.Keys)}.");
            }

            property.SetValue(parameters, Parse(name, value.ToString(), property.PropertyType));
        }

        return parameters;
    }

    private static object Parse(string name, string text, Type type)
    {
        return type == typeof(string) ? text
            : type == typeof(bool?) ? bool.TryParse(text, out bool wanted) ? wanted : throw Refuse("true or false")
            : type == typeof(double?)
                ? double.TryParse(text, CultureInfo.InvariantCulture, out double share) ? share : throw Refuse("a number")
            : type == typeof(int?) ? ParseWhole(text, "a whole number")
            : type == typeof(int[]) ? text.Split(',').Select(part => ParseWhole(part, "whole numbers, separated by commas")).ToArray()
            : throw new NotSupportedException($"A field of type {type} cannot be read from a form.");

        int ParseWhole(string part, string expected) =>
            int.TryParse(part, CultureInfo.InvariantCulture, out int number) ? number : throw Refuse(expected);

        RequestException Refuse(string expected) => RequestException.Invalid(name, $"{name} is '{text}'; it must be {expected}.");
    }
}
