using System.Linq.Expressions;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Conversions around a property that keep its value, so that a filter may look through them.</summary>
internal static class Conversions
{
    private static readonly Dictionary<Type, (int Bits, bool IsSigned)> Integers = new()
    {
        [typeof(byte)] = (8, false),
        [typeof(sbyte)] = (8, true),
        [typeof(short)] = (16, true),
        [typeof(ushort)] = (16, false),
        [typeof(int)] = (32, true),
        [typeof(uint)] = (32, false),
        [typeof(long)] = (64, true),
        [typeof(ulong)] = (64, false),
    };

    /// <summary>True where every conversion keeps the value of a property of the type.</summary>
    /// <exception cref="InvalidCastException">A value of a dictionary is read as another type than it is defined with.</exception>
    public static bool Check(Expression expression, Type propertyType, string name)
    {
        Type type = Unwrap(propertyType);
        Expression inner = expression;
        while (true)
        {
            if (inner is MemberExpression { Member.Name: "Value", Expression: { } nullable }
                && Nullable.GetUnderlyingType(nullable.Type) is not null)
            {
                inner = nullable;
                continue;
            }

            if (inner is not UnaryExpression { NodeType: ExpressionType.Convert } convert)
            {
                return true;
            }

            inner = convert.Operand;
            Type target = Unwrap(convert.Type);
            if (inner.Type == typeof(object) && target != type)
            {
                throw new InvalidCastException($"'{name}' is read as {target.Name}, but it is a {type.Name}.");
            }

            if (target != type && target != typeof(object) && !IsWider(type, target))
            {
                return false;
            }
        }
    }

    private static Type Unwrap(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsWider(Type type, Type target)
    {
        if (!Integers.TryGetValue(type, out (int Bits, bool IsSigned) from))
        {
            return type == typeof(float) && target == typeof(double);
        }

        return target == typeof(double) || target == typeof(decimal)
            || (Integers.TryGetValue(target, out (int Bits, bool IsSigned) to)
                && (to.IsSigned == from.IsSigned ? to.Bits >= from.Bits : to.IsSigned && to.Bits > from.Bits));
    }
}
