namespace Diesel.Reactive.Testing;

/// <summary>What something shared does when one call after the other is made of it: what a <see cref="History{TCall, TReturn}"/> is held
/// against.</summary>
/// <typeparam name="TState">What it knows; two that are equal behave alike.</typeparam>
/// <typeparam name="TCall">What is asked of it.</typeparam>
/// <typeparam name="TReturn">What it says.</typeparam>
/// <remarks>Source: M. Herlihy, J. Wing, "Linearizability: A Correctness Condition for Concurrent Objects", 1990.</remarks>
public abstract class HistoryModel<TState, TCall, TReturn>
{
    /// <summary>What it knows at first.</summary>
    public abstract TState Initial { get; }

    /// <summary>How to tell whether two states are the same; default: by their own equality.</summary>
    public virtual IEqualityComparer<TState> States => EqualityComparer<TState>.Default;

    /// <summary>What one call does.</summary>
    /// <param name="state">What it knows; must not be changed.</param>
    /// <param name="call">What is asked.</param>
    /// <returns>What it knows then, and what it says.</returns>
    public abstract (TState Next, TReturn Returned) Step(TState state, TCall call);

    /// <summary>Whether a client may have been told something where the model says another; default: only the same.</summary>
    /// <param name="told">What the client was told.</param>
    /// <param name="returned">What the model says.</param>
    public virtual bool Agrees(TReturn told, TReturn returned) => EqualityComparer<TReturn>.Default.Equals(told, returned);

    /// <summary>Which of several independent things a call is about; default: null, all about one. Each is checked by itself.</summary>
    /// <param name="call">The call.</param>
    public virtual object? KeyOf(TCall call) => null;
}
