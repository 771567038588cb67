using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Where a case of a <c>.marble</c> file is played: its rows, and a hub on a virtual network in its time.</summary>
/// <remarks>What the hub reports is compared with the row <c>errors</c>, and fails the case where it has none.</remarks>
internal sealed class MarbleStage
{
    private const string Errors = "errors";

    private readonly MarbleCase _marble;
    private readonly MarbleCaseRun _rows;

    private MarbleStage(MarbleCase marble, MarbleCaseRun rows)
    {
        (_marble, _rows) = (marble, rows);
        if (Has(Errors))
        {
            rows.Expect(Errors, Hub.Errors, error => error.Exception.GetType().Name);
        }
    }

    public VirtualNetwork Network => _rows.Test.Network;

    public Hub Hub => _rows.Test.Hub;

    /// <summary>What the picture calls the operator, by which a test knows the form of it that a case is about.</summary>
    public string Form => _marble.Operators[0].Text;

    /// <summary>The names of all results.</summary>
    public IEnumerable<string> Results => _marble.Rows.Where(row => row.IsExpected && row.Name != Errors).Select(row => row.Name);

    /// <summary>Plays a case whose one result is what an observable tells.</summary>
    public static void Play<T>(MarbleCase marble, Func<MarbleStage, IObservable<T>> operation) =>
        Play(marble, stage => stage.Expect(stage.Results.Single(), operation(stage)));

    /// <summary>Plays a case that says itself what is compared with which row.</summary>
    public static void Play(MarbleCase marble, Action<MarbleStage> body) =>
        marble.Run(rows => body(new(marble, rows)), new() { IgnoreHubErrors = marble.Rows.Any(row => row.Name == Errors) });

    public bool Has(string name) => _marble.Rows.Any(row => row.Name == name);

    public MarbleSource<string> Strings(string name) => _rows.Strings(name);

    public MarbleSource<ReadOnlyMemory<byte>> Bytes(string name) => _rows.Bytes(name);

    public TimeSpan Time(string name) => _rows.Time(name);

    /// <summary>Does something at the instants of a row, in a turn of the hub.</summary>
    public void On(string name, Action<string> act) => _rows.On(name, value => Hub.Schedule(() => act(value)));

    /// <summary>The same, when the case has the row.</summary>
    public void OnIfAny(string name, Action<string> act)
    {
        if (Has(name))
        {
            On(name, act);
        }
    }

    /// <summary>From <c>!</c> to <c>^</c> of a row something is held.</summary>
    public void During(string name, Func<IDisposable> hold)
    {
        var held = new SerialDisposable();
        foreach (var sign in _rows.Diagram(name).Events)
        {
            _rows.Scheduler.Schedule(sign.Time, () => held.Disposable = sign.Kind == MarbleKind.Unsubscribed ? hold() : null);
        }
    }

    /// <summary>A row shall be what an observable tells, when that is subscribed in a turn of the hub.</summary>
    public void Expect<T>(string name, IObservable<T> actual, Func<T, string>? spell = null) =>
        _rows.Expect(name, actual.SubscribeOn(Hub), spell);

    /// <summary>That something came to pass is a tick.</summary>
    public void Expect(string name, IObservable<Unit> actual) => Expect(name, actual, _ => "✓");

    /// <summary>A loop that is forked when it is subscribed, and what it tells.</summary>
    public IObservable<T> Loop<T>(Func<Action<T>, Task> body) => Observable.Create<T>(observer =>
    {
        var loop = Hub.Fork(async () =>
        {
            try
            {
                await body(observer.OnNext);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                observer.OnError(error);
            }
        });
        return new CompositeDisposable(loop.Subscribe(_ => { }, observer.OnCompleted), loop);
    });

    /// <summary>Another hub, on a host of the network.</summary>
    public Hub HubOn(string host) => _rows.Test.HubOn(host);

    /// <summary>Lets happen what is due by now.</summary>
    public void Settle() => _rows.Test.AdvanceBy(TimeSpan.Zero);

    public NotSupportedException Unknown() => new($"No test knows the operator '{Form}': write it as the tests do, or write its test.");
}
