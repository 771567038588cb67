using System.Diagnostics.CodeAnalysis;
using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>The kinds of code that can be a loop, made alike: running one gives what stops it.</summary>
internal sealed record LoopBody(object Name, Func<Loop, IDisposable> Run)
{
    /// <summary>Whoever made it takes what it throws.</summary>
    public bool IsJoined { get; init; }

    public static LoopBody Of(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new LoopBody(NameOf(body), loop =>
        {
            body();
            loop.End(null);
            return Disposable.Empty;
        });
    }

    public static LoopBody Of(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new LoopBody(NameOf(body), loop => Watch(loop, body() ?? throw NothingGiven.Task(loop.Name)));
    }

    public static LoopBody Of(Func<CancellationToken, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new LoopBody(NameOf(body), loop => Watch(loop, body(loop.Token) ?? throw NothingGiven.Task(loop.Name)));
    }

    public static LoopBody Of<T>(IObservable<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new LoopBody(body.GetType().Name, loop => body.Subscribe(static _ => { }, loop.End, () => loop.End(null)));
    }

    /// <summary>Any of the kinds, for <see cref="Application"/>'s mixed lists; null for anything else.</summary>
    public static LoopBody? From(object? item) => item switch
    {
        Action action => Of(action),
        Func<Task> task => Of(task),
        Func<CancellationToken, Task> task => Of(task),
        IObservable<object> values => Of(values),
        IObservable<Unit> units => Of(units),
        IObservable<long> numbers => Of(numbers),
        null => null,
        _ => FromObservable(item),
    };

    // IObservable<T> of value types does not convert to IObservable<object>; the element type is found by its interface.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The interface is named here, so whoever implements it keeps it.")]
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Of<T> asks nothing of its T.")]
    private static LoopBody? FromObservable(object item)
    {
        var observable = item.GetType().GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IObservable<>));
        if (observable is null)
        {
            return null;
        }

        return RuntimeFeature.IsDynamicCodeSupported
            ? (LoopBody)new Func<IObservable<object>, LoopBody>(Of).Method.GetGenericMethodDefinition()
                .MakeGenericMethod(observable.GetGenericArguments())
                .Invoke(null, [item])!
            : throw new NotSupportedException(
                $"An observable of {observable.GetGenericArguments()[0].Name} needs code that is made at run time, which a program compiled ahead of time " +
                "cannot do. Give it as one of Unit, source.Select(_ => Unit.Default), or fork it: hub.Fork(source).");
    }

    /// <summary>Ends the loop with the task.</summary>
    public static IDisposable Watch(Loop loop, Task task)
    {
        task.ContinueWith(
            static (t, l) => ((Loop)l!).Hub.Invoke(static s => Ended(((Loop, Task))s!), ((Loop)l!, t)),
            loop,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return Disposable.Empty;
    }

    // An async method that was told to end by its exception has done what it was asked to; any other is a failure.
    private static void Ended((Loop Loop, Task Task) s)
    {
        var error = s.Task.Exception?.InnerException;
        if (s.Loop.IsEnding && error is not null and not OperationCanceledException)
        {
            s.Loop.Hub.Report(error, s.Loop.ToString());
        }

        s.Loop.End(error ?? (s.Task.IsCanceled ? new TaskCanceledException(s.Task) : null));
    }

    // A local function is compiled to "<Outer>g__Name|0_1", and is known as Name to who wrote it.
    public static string NameOf(Delegate body)
    {
        var name = body.Method.Name;
        var local = name.IndexOf(">g__", StringComparison.Ordinal);
        return local < 0 ? name : name[(local + 4)..name.LastIndexOf('|')];
    }
}
