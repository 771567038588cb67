using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Tells the observers behind work that Rx has scheduled that it will not run.</summary>
/// <remarks>A scheduler has no way to fail what was scheduled, so a timer or an interval on a hub that ends would be silent for ever.
/// Rx's operators pass themselves as the state of what they schedule, alone or in a tuple, and are observers: these are told. What
/// passes something else stays silent, as on any other scheduler.</remarks>
internal static class ScheduledObservers
{
    [DynamicDependency(nameof(IObserver<object>.OnError), typeof(IObserver<>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "OnError is kept by the attribute above.")]
    public static void Tell(object? state, Exception error)
    {
        if (state is ITuple tuple)
        {
            for (var i = 0; i < tuple.Length; i++)
            {
                Tell(tuple[i], error);
            }
        }
        else if (state is not null && ObserverOf(state.GetType()) is { } observer)
        {
            observer.GetMethod(nameof(IObserver<object>.OnError))!.Invoke(state, BindingFlags.DoNotWrapExceptions, null, [error], null);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The interface is named here, so whoever implements it keeps it.")]
    private static Type? ObserverOf(Type type) => Array.Find(
        type.GetInterfaces(), static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IObserver<>));
}
