using System.Collections.Immutable;

namespace Diesel.Reactive.Testing;

/// <summary>Models of things that services share.</summary>
public static class HistoryModels
{
    /// <summary>A value for each key, that is read, written, and exchanged where it is as expected: a key-value store.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="initial">What each key has at first.</param>
    /// <returns>The model. A write returns what was written, a read the value, an exchange the new value, or the one that is there where it is
    /// another than expected.</returns>
    public static HistoryModel<T, RegisterCall<T>, T> Register<T>(T initial) => new RegisterModel<T>(initial);

    /// <summary>A set that is added to, taken from and looked into.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <returns>The model. Adding returns whether the item was new, removing and looking whether it was there. Each item is checked by itself.</returns>
    public static HistoryModel<bool, SetCall<T>, bool> Set<T>() => new SetModel<T>();

    /// <summary>A queue: first in, first out.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <returns>The model. Putting returns the item, taking the first item, or what <see cref="QueueCall{T}"/> says nothing is.</returns>
    public static HistoryModel<ImmutableList<T>, QueueCall<T>, T?> Queue<T>() => new QueueModel<T>();

    /// <summary>A lock that gives each holder a higher number (a fence) than all before it.</summary>
    /// <returns>The model. Acquiring returns the fence, 0 for one that was refused; using it and releasing return the fence they are made with, 0 where
    /// it is no more that of the holder.</returns>
    public static HistoryModel<LockState, LockCall, long> Lock() => new LockModel();

    private sealed class RegisterModel<T>(T initial) : HistoryModel<T, RegisterCall<T>, T>
    {
        public override T Initial => initial;

        public override (T Next, T Returned) Step(T state, RegisterCall<T> call)
        {
            var isWritten = call.IsWrite && (!call.IsConditional || EqualityComparer<T>.Default.Equals(state, call.Expected));
            var next = isWritten ? call.Value! : state;
            return (next, next);
        }

        public override object? KeyOf(RegisterCall<T> call) => call.Key;
    }

    private sealed class SetModel<T> : HistoryModel<bool, SetCall<T>, bool>
    {
        public override bool Initial => false;

        public override (bool Next, bool Returned) Step(bool state, SetCall<T> call) => call.Act switch
        {
            SetAct.Add => (true, !state),
            SetAct.Remove => (false, state),
            _ => (state, state),
        };

        public override object? KeyOf(SetCall<T> call) => call.Item;
    }

    private sealed class QueueModel<T> : HistoryModel<ImmutableList<T>, QueueCall<T>, T?>, IEqualityComparer<ImmutableList<T>>
    {
        public override ImmutableList<T> Initial => [];

        public override IEqualityComparer<ImmutableList<T>> States => this;

        public override (ImmutableList<T> Next, T? Returned) Step(ImmutableList<T> state, QueueCall<T> call) =>
            call.IsPut ? (state.Add(call.Item!), call.Item) : state.IsEmpty ? (state, default) : (state.RemoveAt(0), state[0]);

        public bool Equals(ImmutableList<T>? x, ImmutableList<T>? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.SequenceEqual(y));

        public int GetHashCode(ImmutableList<T> obj) => obj.Aggregate(obj.Count, static (hash, item) => HashCode.Combine(hash, item));
    }

    private sealed class LockModel : HistoryModel<LockState, LockCall, long>
    {
        public override LockState Initial => new(0, 0);

        public override (LockState Next, long Returned) Step(LockState state, LockCall call) => call.Act switch
        {
            LockAct.Acquire when state.Holder == 0 => (new(state.Last + 1, state.Last + 1), state.Last + 1),
            LockAct.Acquire => (state, 0),
            LockAct.Expire => (state with { Holder = 0 }, 0),
            _ when state.Holder != call.Fence => (state, 0),
            LockAct.Release => (state with { Holder = 0 }, call.Fence),
            _ => (state, call.Fence),
        };

        // Numbers may be left out: by one that was lost on its way, for instance.
        public override bool Agrees(long told, long returned) => told == returned;
    }
}
