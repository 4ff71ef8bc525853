using System.Linq.Expressions;

namespace MultiVecRetrieval.VectorData.Records;

/// <summary>Values of what does not depend on the record: constants, captured variables, calls on these.</summary>
internal static class Constants
{
    public static bool TryGet(Expression expression, out object? value)
    {
        value = null;
        if (expression is ConstantExpression constant)
        {
            value = constant.Value;
            return true;
        }

        ParameterFinder finder = new();
        finder.Visit(expression);
        if (finder.Found || expression.Type.IsByRefLike)
        {
            return false;
        }

        value = Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
        return true;
    }

    private sealed class ParameterFinder : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found = true;
            return node;
        }
    }
}
