using System.Collections;
using System.Linq.Expressions;
using Microsoft.Extensions.VectorData.ProviderServices;
using Microsoft.Extensions.VectorData.ProviderServices.Filter;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Turns the condition of a program on records into a <see cref="Filter"/> that means the same.</summary>
internal sealed class RecordFilter : FilterTranslatorBase
{
    public const string FieldPrefix = "meta.";

    private readonly CollectionModel _model;
    private readonly ParameterExpression _record;

    // The element of the list that a condition of Any is about.
    private ParameterExpression? _element;
    private PropertyModel? _list;

    private RecordFilter(CollectionModel model, ParameterExpression record) => (_model, _record) = (model, record);

    /// <exception cref="NotSupportedException">A part of the condition has no filter; it is named.</exception>
    public static Filter Translate(LambdaExpression condition, CollectionModel model) =>
        new RecordFilter(model, condition.Parameters[0]).Visit(condition.Body);

    public static string FieldOf(PropertyModel property) => FieldPrefix + property.StorageName;

    private Filter Visit(Expression expression)
    {
        if (Constants.TryGet(expression, out object? constant))
        {
            return constant is true ? Filter.And() : constant is false or null ? Filter.Or() : throw Refuse(expression);
        }

        return expression switch
        {
            BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both when _element is null =>
                Filter.And(Visit(both.Left), Visit(both.Right)),
            BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either =>
                Filter.Or(Visit(either.Left), Visit(either.Right)),
            UnaryExpression { NodeType: ExpressionType.Not } negated when _element is null => Filter.Not(Visit(negated.Operand)),
            BinaryExpression binary => VisitComparison(binary),
            MemberExpression { Member.Name: "HasValue", Expression: { } nullable } when TryBind(nullable) is { } property =>
                IsThere(property),
            MethodCallExpression call when !IsIndexer(call) => VisitCall(call),
            _ when TryBind(expression) is { } flag && IsType(flag, typeof(bool)) => Filter.Equal(FieldOf(flag), true),
            UnaryExpression { NodeType: ExpressionType.Convert } convert => Visit(convert.Operand),
            _ => throw Refuse(expression),
        };
    }

    private Filter VisitComparison(BinaryExpression binary)
    {
        if (Comparisons.Find(binary.NodeType) is not { } comparison)
        {
            throw Refuse(binary);
        }

        if (TryBind(binary.Left) is { } left && Constants.TryGet(binary.Right, out object? right))
        {
            return Compare(binary, left, comparison, right);
        }

        return TryBind(binary.Right) is { } property && Constants.TryGet(binary.Left, out object? value)
            ? Compare(binary, property, Comparisons.Flip(comparison), value)
            : throw Refuse(binary);
    }

    private Filter Compare(Expression expression, PropertyModel property, Comparison comparison, object? value)
    {
        // Whether any element differs is another question than whether none is equal.
        if (_element is not null && (value is null || comparison == Comparison.NotEqual))
        {
            throw Refuse(expression);
        }

        // A comparison of order with null is false.
        if (value is null)
        {
            return comparison switch
            {
                Comparison.Equal => Filter.Not(IsThere(property)),
                Comparison.NotEqual => IsThere(property),
                _ => Filter.Or(),
            };
        }

        if (_element is null && !DataValues.IsScalar(property.Type))
        {
            throw Refuse(expression);
        }

        bool isIdentity = comparison is Comparison.Equal or Comparison.NotEqual;
        return property is KeyPropertyModel && isIdentity
            ? new ComparisonFilter("key", comparison, RecordKeys.ToText(value))
            : new ComparisonFilter(FieldOf(property), comparison, DataValues.ToMetadata(value));
    }

    private Filter VisitCall(MethodCallExpression call)
    {
        if (TryMatchContains(call, out Expression? source, out Expression? item) || TryMatchInstance(call, out source, out item))
        {
            return VisitContains(call, source, item);
        }

        switch (call)
        {
            case { Method: { Name: nameof(Enumerable.Any), DeclaringType: var type }, Arguments: { Count: > 0 } arguments }
                when type == typeof(Enumerable) && _element is null && TryBind(arguments[0]) is { } property:
                return arguments.Count == 2 && arguments[1] is LambdaExpression condition
                    ? VisitAny(property, condition)
                    : Filter.Exists(FieldOf(property));
            case { Method: { Name: nameof(string.IsNullOrEmpty), DeclaringType: var type }, Arguments: [var text] }
                when type == typeof(string) && TryBind(text) is { } property && _element is null:
                return Filter.Or(Filter.Not(IsThere(property)), Filter.Equal(FieldOf(property), ""));
            case { Method.Name: nameof(Equals), Object: { } left, Arguments: [var right] }:
                return VisitComparison(Expression.Equal(left, right.Type == left.Type ? right : Expression.Convert(right, left.Type)));
            case { Object: { } subject } when call.Method.DeclaringType == typeof(string) && TryBind(subject) is { } property:
                return new ComparisonFilter(FieldOf(property), Comparison.Like, GetPattern(call));
            default:
                throw Refuse(call);
        }
    }

    private Filter VisitAny(PropertyModel list, LambdaExpression condition)
    {
        (_list, _element) = (list, condition.Parameters[0]);
        try
        {
            return Visit(condition.Body);
        }
        finally
        {
            (_list, _element) = (null, null);
        }
    }

    private Filter VisitContains(MethodCallExpression call, Expression source, Expression item)
    {
        if (_element is null && TryBind(source) is { } list && DataValues.ElementOf(list.Type) is not null)
        {
            return Constants.TryGet(item, out object? element) && element is not null
                ? Filter.Equal(FieldOf(list), DataValues.ToMetadata(element))
                : throw Refuse(call);
        }

        if (TryBind(item) is not { } property || !Constants.TryGet(source, out object? known) || known is not IEnumerable all
            || (_element is null && !DataValues.IsScalar(property.Type)))
        {
            throw Refuse(call);
        }

        object?[] values = [.. all.Cast<object?>()];
        object[] named = [.. values.OfType<object>()];
        Filter any = property is KeyPropertyModel
            ? Filter.In("key", [.. named.Select(key => (MetadataValue)RecordKeys.ToText(key))])
            : Filter.In(FieldOf(property), [.. named.Select(DataValues.ToMetadata)]);
        return named.Length == values.Length ? any
            : _element is null ? Filter.Or(any, Filter.Not(IsThere(property)))
            : throw Refuse(call);
    }

    // Sets and other collections bring a Contains of their own.
    private static bool TryMatchInstance(MethodCallExpression call, out Expression source, out Expression item)
    {
        bool isMatch = call is { Method.Name: "Contains", Object: { } subject, Arguments.Count: 1 }
            && subject.Type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(subject.Type);
        (source, item) = isMatch ? (call.Object!, call.Arguments[0]) : (call, call);
        return isMatch;
    }

    private static string GetPattern(MethodCallExpression call)
    {
        bool isOrdinal = call.Arguments.Count == 1
            ? call.Method.Name == nameof(string.Contains) || call.Arguments[0].Type == typeof(char)
            : call.Arguments.Count == 2 && Constants.TryGet(call.Arguments[1], out object? how) && how is StringComparison.Ordinal;
        if (!isOrdinal || !Constants.TryGet(call.Arguments[0], out object? part) || part?.ToString() is not { } text)
        {
            throw Refuse(call);
        }

        // These stand for any characters in a pattern and cannot be written as themselves.
        if (text.AsSpan().ContainsAny('*', '?'))
        {
            throw new NotSupportedException($"The filter '{call}' looks for a text with * or ?, which cannot be looked for.");
        }

        return call.Method.Name switch
        {
            nameof(string.Contains) => $"*{text}*",
            nameof(string.StartsWith) => $"{text}*",
            nameof(string.EndsWith) => $"*{text}",
            _ => throw Refuse(call),
        };
    }

    private static Filter IsThere(PropertyModel property) => DataValues.ElementOf(property.Type) is null
        ? Filter.Exists(FieldOf(property))
        : Filter.Or(Filter.Exists(FieldOf(property)), Filter.Equal(FieldPrefix + RecordMapper.EmptyLists, property.StorageName));

    private static bool IsType(PropertyModel property, Type type) => (Nullable.GetUnderlyingType(property.Type) ?? property.Type) == type;

    private bool IsIndexer(MethodCallExpression call) => call.Method.Name == "get_Item" && call.Object == _record;

    /// <summary>The property that an expression reads, through conversions that keep its value; null where it is none.</summary>
    private PropertyModel? TryBind(Expression expression)
    {
        Expression inner = expression;
        while (true)
        {
            if (inner is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            {
                inner = convert.Operand;
            }
            else if (inner is MemberExpression { Member.Name: "Value", Expression: { } nullable }
                && Nullable.GetUnderlyingType(nullable.Type) is not null)
            {
                inner = nullable;
            }
            else
            {
                break;
            }
        }

        if (_element is not null && inner == _element)
        {
            return Conversions.Check(expression, DataValues.ElementOf(_list!.Type)!, _list.ModelName) ? _list : throw Refuse(expression);
        }

        string? name = inner switch
        {
            MemberExpression member when member.Expression == _record => member.Member.Name,
            MethodCallExpression call when IsIndexer(call) && Constants.TryGet(call.Arguments[0], out object? key) => key as string,
            _ => null,
        };
        if (name is null)
        {
            return null;
        }

        if (_element is not null)
        {
            throw Refuse(expression);
        }

        return !_model.PropertyMap.TryGetValue(name, out PropertyModel? property) || property is VectorPropertyModel
            ? throw new NotSupportedException($"The filter '{expression}' reads '{name}', which is no key or data property.")
            : Conversions.Check(expression, property.Type, name) ? property : throw Refuse(expression);
    }

    private static NotSupportedException Refuse(Expression expression) =>
        new($"The filter '{expression}' ({expression.NodeType}) has no counterpart here; compare properties with values by ==, !=, <, <=, >, >=, Contains or Any, joined by &&, || and !.");
}
