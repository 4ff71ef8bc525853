using System.Reflection;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.House;

/// <summary>What the public members of the libraries look like to who calls them.</summary>
public sealed class PublicSignatureTests
{
    // Its width and height are what it returns.
    private static readonly string[] Known = ["ImageDecoder.ReadSize"];

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<Assembly> Assemblies =>
        [typeof(MultiVector).Assembly, typeof(Collection).Assembly, typeof(EncoderModel).Assembly, typeof(IndexReport).Assembly,
            typeof(Library).Assembly, typeof(ServerOptions).Assembly];

    [Theory]
    [MemberData(nameof(Assemblies), DisableDiscoveryEnumeration = true)]
    public void PublicMembers_OfAnAssembly_HaveNamedTypesWhereTuplesWouldBe(Assembly assembly)
    {
        Assert.NotEmpty(assembly.GetExportedTypes());

        IEnumerable<string> found = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared))
            .Where(member => Types(member).Any(HasTuple))
            .Select(member => $"{member.DeclaringType!.Name}.{member.Name}");

        Assert.Empty(found.Except(Known));
    }

    [Fact]
    public void HasTuple_TuplesWhereverTheyHide_AreSeen()
    {
        Assert.All(
            [typeof((int, int)), typeof(IReadOnlyList<(string, int)>), typeof((int, int)[]), typeof(Func<Task<(int, int, int)?>>)],
            type => Assert.True(HasTuple(type), type.Name));
        Assert.False(HasTuple(typeof(IReadOnlyList<Dictionary<string, int[]>>)));
    }

    private static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        PropertyInfo property => [property.PropertyType],
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static bool HasTuple(Type type) =>
        type.HasElementType ? HasTuple(type.GetElementType()!)
        : (type.IsGenericType && type.IsAssignableTo(typeof(ITuple))) || type.GetGenericArguments().Any(HasTuple);
}
