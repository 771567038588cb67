namespace Diesel.Reactive;

/// <summary>One source in a race, with what makes the race's result of its value.</summary>
internal abstract class Entrant<TResult>
{
    /// <summary>The hub the source lives on, if it is bound to one.</summary>
    public abstract Hub? Home { get; }

    public abstract IDisposable Run(Race<TResult>.Run race);
}

/// <summary>Makes entrants.</summary>
internal static class Entrant
{
    public static Entrant<TResult> Of<T, TResult>(IObservable<T> source, Func<T, TResult> result) => new Source<T, TResult>(source, result);

    private sealed class Source<T, TResult>(IObservable<T> source, Func<T, TResult> result) : Entrant<TResult>
    {
        public override Hub? Home => (source as Awaitable<T>)?.Home;

        public override IDisposable Run(Race<TResult>.Run race) => source.Subscribe(
            value => race.Won(result, value),
            race.Failed,
            () => race.Ended(this));

        public override string ToString() => source.ToString()!;
    }
}
