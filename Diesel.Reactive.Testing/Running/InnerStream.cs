using System.Collections.Concurrent;
using System.Reactive;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>What becomes of values that are streams themselves: recordings, with the time since they were told.</summary>
/// <typeparam name="T">The values as the outer stream declares them.</typeparam>
internal abstract class InnerStream<T>
{
    private static readonly InnerStream<T>? Declared = For(typeof(T));
    private static readonly bool MayHide = !typeof(T).IsValueType && !typeof(T).IsSealed;
    private static readonly ConcurrentDictionary<Type, InnerStream<T>?> Hidden = new();

    /// <summary>Whether the values are declared to be streams, or tuples of them.</summary>
    public static bool IsDeclared => Declared is not null;

    /// <summary>Listens to a value that is a stream, and gives its recording in its place; other values stay what they are.</summary>
    /// <remarks>A connection is one too: it has one reader, and that is not the test.</remarks>
    public static T Record(MarbleRun run, T value, string what) =>
        value is not (Connection or IDatagramSocket) && Of(value) is { } inner ? inner.Recorded(run, value, what) : value;

    /// <summary>What a stream of the test's own will be recorded as, or a tuple that has one.</summary>
    public static T Expect(T value) => value is IMarbleSource or ITuple && Of(value) is { } inner ? inner.Expected(value) : value;

    /// <summary>A notification of a test's own inner stream, as the outer stream declares it.</summary>
    public static Notification<T> Declare<TValue>(Notification<TValue> told) => told.Kind switch
    {
        NotificationKind.OnNext => Notification.CreateOnNext(Expect((T)(object?)told.Value!)),
        NotificationKind.OnError => Notification.CreateOnError<T>(told.Exception!),
        _ => Notification.CreateOnCompleted<T>(),
    };

    protected abstract T Recorded(MarbleRun run, T value, string what);

    protected abstract T Expected(T value);

    private static InnerStream<T>? Of(T value) =>
        Declared ?? (MayHide && value is not null ? Hidden.GetOrAdd(value.GetType(), For) : null);

    // The one place that needs reflection: nobody can name the type of a stream's values whose own type is a type parameter.
    private static InnerStream<T>? For(Type type)
    {
        if (type == typeof(T) && InnerTuple<T>.HasStreams)
        {
            return new InnerTuple<T>();
        }

        var stream = type.GetInterfaces().Append(type)
            .FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IObservable<>));
        var inner = stream?.GetGenericArguments()[0];
        return inner is not null && typeof(InnerRecording<>).MakeGenericType(inner).IsAssignableTo(typeof(T))
            ? (InnerStream<T>)Activator.CreateInstance(typeof(InnerStream<,>).MakeGenericType(typeof(T), inner))! : null;
    }
}
