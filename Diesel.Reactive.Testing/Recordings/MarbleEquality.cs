using System.Collections;
using System.Reactive;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>When two things that were told are the same.</summary>
internal static class MarbleEquality
{
    // No optional parameter: then the overload for any two values would be preferred.
    public static bool Same<T>(Notification<T> one, Notification<T> other) => Same(one, other, null);

    public static bool Same<T>(Notification<T> one, Notification<T> other, IEqualityComparer<T>? values) =>
        one.Kind == other.Kind && one.Kind switch
        {
            NotificationKind.OnNext => values is null ? Same(one.Value, other.Value) : values.Equals(one.Value, other.Value),
            NotificationKind.OnError => Same(one.Exception!, other.Exception!),
            _ => true,
        };

    public static bool Same<T>(T one, T other) => (one, other) switch
    {
        (ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (Exception a, Exception b) => Same(a, b),
        (IList a, IList b) => Same(a, b),
        (not null, not null) when !ReferenceEquals(one, other) && MemberEquality.Of(one, other) is { } members => members.All(member => member.IsSame(one, other)),
        _ => EqualityComparer<T>.Default.Equals(one, other),
    };

    // A list may hold itself: that ends in an exception, which no overflow of the stack does.
    private static bool Same(IList one, IList other)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return ReferenceEquals(one, other) || (one.Count == other.Count && one.Cast<object?>().Zip(other.Cast<object?>()).All(pair => Same(pair.First, pair.Second)));
    }

    public static bool Same(Exception one, Exception other) =>
        one.GetType() == other.GetType() && one.Message == other.Message;
}
