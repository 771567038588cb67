using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Objects of a class that says nothing of when two are equal are equal when their public properties and fields are.</summary>
/// <remarks>Not those of the platform, nor those that do something rather than say something: streams, tasks, delegates, what is disposed of.</remarks>
internal static class MemberEquality
{
    private static readonly ConcurrentDictionary<Type, Member[]?> Known = new();

    /// <summary>The members that count; null: the class has an equality of its own, or none by members.</summary>
    public static IReadOnlyList<Member>? Of(object one, object other) => one.GetType() == other.GetType() ? Known.GetOrAdd(one.GetType(), Members) : null;

    private static Member[]? Members(Type type)
    {
        // Structs and delegates have an equality of their own.
        if (IsOfThePlatform(type) || type.GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType != typeof(object)
            || type.IsAssignableTo(typeof(IDisposable)) || type.IsAssignableTo(typeof(IAsyncDisposable))
            || type.GetInterfaces().Any(static each => each.IsGenericType && (each.GetGenericTypeDefinition() == typeof(IObservable<>) || each.GetGenericTypeDefinition() == typeof(IEquatable<>))))
        {
            return null;
        }

        Member[] members =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(static property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)
                .Select(static property => new Member(property.Name, property.GetValue)),
            .. type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(static field => new Member(field.Name, field.GetValue)),
        ];
        return members.Length == 0 ? null : members;
    }

    private static bool IsOfThePlatform(Type type) => type.Assembly == typeof(object).Assembly
        || (type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)));

    /// <summary>A property or a field.</summary>
    public sealed record Member(string Name, Func<object?, object?> Read)
    {
        /// <summary>Whether it is the same in both. What holds itself ends in an exception, which no overflow of the stack does.</summary>
        public bool IsSame(object one, object other)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return MarbleEquality.Same(Read(one), Read(other));
        }
    }
}
