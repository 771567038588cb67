using System.Net;
using System.Reactive;
using System.Reactive.Threading.Tasks;

namespace Diesel.Reactive.Tests;

/// <summary>Everything that can wait for something of a hub's, by name; none of them comes out by itself.</summary>
internal static class HubWaitCases
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static IReadOnlyDictionary<string, Func<EndingHub, IObservable<object?>>> All { get; } = new Dictionary<string, Func<EndingHub, IObservable<object?>>>
    {
        ["Sleep"] = e => Boxed(e.Hub.Sleep(Hour)),
        ["Sleep of a turn"] = e => Boxed(Observable.Concat(Enumerable.Repeat(e.Hub.Sleep(), int.MaxValue))),
        ["Run"] = e => Boxed(e.Hub.Run(() => e.Gate.Wait(Live.Patience))),
        ["Event"] = e => Boxed(new Event(e.Hub).Wait()),
        ["Event with a timeout"] = e => Boxed(new Event(e.Hub).Wait(Hour)),
        ["Countdown"] = e => Boxed(new Countdown(1, e.Hub).Wait()),
        ["Queue"] = e => Boxed(new AsyncQueue<int>(hub: e.Hub).Get()),
        ["Queue with a timeout"] = e => Boxed(new AsyncQueue<int>(hub: e.Hub).Get(timeout: Hour)),
        ["Room in a queue"] = e => Boxed(Full(e.Hub).PutWhenRoom(2)),
        ["Semaphore"] = e => Boxed(Taken(e.Hub).Acquire()),
        ["Signal"] = e => Boxed(new Signals(e.Hub).Wait("a")),
        ["Signals"] = e => Boxed(new Signals(e.Hub).On("a")),
        ["Fanout"] = e => Boxed(new Fanout<int>(hub: e.Hub)),
        ["Loop observed"] = e => Boxed(e.Hub.Fork(async () => await e.Hub.Sleep(Hour))),
        ["Loop joined"] = e => Boxed(e.Hub.Fork(async () => await e.Hub.Sleep(Hour)).Ended),
        ["Child joined"] = e => Boxed(e.Hub.Fork(async () => await e.Hub.Sleep(Hour)).ForkChild(async () => await e.Hub.Sleep(Hour)).Ended),
        ["Tcp.Connect"] = e => Boxed(Tcp.Connect(Unreached, hub: e.Hub)),
        ["Udp.Connect"] = e => Boxed(Udp.Connect(Unreached, hub: e.Hub)),
        ["Interval"] = e => Boxed(Observable.Interval(Hour, e.Hub)),
        ["Timer"] = e => Boxed(Observable.Timer(Hour, e.Hub)),
        ["Delay"] = e => Boxed(Observable.Return(1).Delay(Hour, e.Hub)),
        ["Rx Timeout"] = e => Boxed(Observable.Never<int>().Timeout(Hour, e.Hub)),
        ["Call"] = e => Boxed(new Caller(e.Hub).Ask()),
        ["Queued call"] = e => Boxed(Busy(e.Hub).Ask()),
        ["Pool"] = e => Boxed(new Pool<int>(Observable.Never<int>(), hub: e.Hub).Borrow()),
        ["Pool with a timeout"] = e => Boxed(new Pool<int>(Observable.Never<int>(), hub: e.Hub).Borrow(Hour)),
        ["Drain"] = e => Boxed(Lent(e.Hub).Drain(Timeout.InfiniteTimeSpan)),
        ["First"] = e => Boxed(First.Of(new Event(e.Hub).Wait(), e.Hub.Sleep(Hour))),
        ["Queue of calls"] = e => Boxed(new CallQueue<Said>(hub: e.Hub).Ask(new Say(Tongue.InOrder, "a"))),
        ["Timeout"] = e => Boxed(new Event(e.Hub).Wait().Timeout(Hour)),
        ["Timeout of a promise"] = e => Boxed(new AwaitableSource<int>().Timeout(Hour, e.Hub)),
        ["Until"] = e => Boxed(new Event(e.Hub).Wait().Until(new CancellationTokenSource().Token)),
        ["All"] = e => Boxed(Awaitable.All(new Event(e.Hub).Wait(), e.Hub.Sleep(Hour))),
        ["All of many"] = e => Boxed(Awaitable.All(Enumerable.Repeat(new Event(e.Hub).Wait(), 3))),
        ["AsTask"] = e => Boxed(new Event(e.Hub).Wait().AsTask().ToObservable()),
    };

    // A name, so that it takes another thread to find it, whatever the name turns out to be.
    private static DnsEndPoint Unreached => new("nowhere.invalid", 9);

    private static IObservable<object?> Boxed<T>(IObservable<T> source) => source.Select(static value => (object?)value);

    private static AsyncQueue<int> Full(Hub hub)
    {
        var queue = new AsyncQueue<int>(1, hub: hub);
        queue.Put(1);
        return queue;
    }

    private static AsyncSemaphore Taken(Hub hub)
    {
        var semaphore = new AsyncSemaphore(1, hub);
        semaphore.Acquire().Subscribe(static _ => { }, static _ => { });
        return semaphore;
    }

    private static Pool<int> Lent(Hub hub)
    {
        var pool = Pool.Of(static () => 1, hub: hub);
        pool.Borrow().Subscribe(static _ => { }, static _ => { });
        return pool;
    }

    private static Caller Busy(Hub hub)
    {
        var caller = new Caller(hub);
        caller.Ask().Subscribe(static _ => { }, static _ => { });
        return caller;
    }

    private sealed class Caller(Hub hub) : Client(Unreached, hub: hub)
    {
        public Awaitable<Unit> Ask() => Call(async connection =>
        {
            await connection.Read(Framing.UntilEol());
            return Unit.Default;
        });
    }
}
