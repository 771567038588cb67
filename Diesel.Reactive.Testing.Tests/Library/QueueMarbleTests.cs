using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class QueueMarbleTests
{
    [MarbleFile("queue.marble")]
    public void Queues(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        switch (stage.Form)
        {
            case "queue.Get()":
                var queue = Filled(stage);
                ForEachResult(stage, _ => queue.Get());
                break;
            case "queue.Get(waiting: false)":
                queue = Filled(stage);
                ForEachResult(stage, _ => queue.Get(waiting: false));
                break;
            case "queue.ReadAllAsync()":
                queue = Filled(stage);
                ForEachResult(stage, _ => All(stage, queue));
                break;
            case "AsyncQueue(capacity: 2, Overflow.Fail)":
                stage.Expect("got", All(stage, Filled(stage, 2, Overflow.Fail)));
                break;
            case "AsyncQueue(capacity: 2, Overflow.DropOldest)":
                stage.Expect("got", All(stage, Filled(stage, 2, Overflow.DropOldest)));
                break;
            case "AsyncQueue(capacity: 2, Overflow.DropNewest)":
                stage.Expect("got", All(stage, Filled(stage, 2, Overflow.DropNewest)));
                break;
            case "queue.PutWhenRoom(item)":
                stage.Expect("done", PutWhenRoom(stage, out queue));
                stage.Expect("got", All(stage, queue));
                break;
            default:
                throw stage.Unknown();
        }
    });

    [MarbleFile("fanout.marble")]
    public void Fanouts(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var fanout = new Fanout<string>(hub: stage.Hub);
        stage.On("publish", fanout.Publish);
        stage.Expect("all", fanout);
        stage.Expect("inbox", stage.Form switch
        {
            "Fanout().Open(capacity: 2)" => Slow(stage, () => fanout.Open(2)),
            "Fanout().Open(capacity: 2, Overflow.DropOldest)" => Slow(stage, () => fanout.Open(2, Overflow.DropOldest)),
            _ => throw stage.Unknown(),
        });
    });

    [MarbleFile("dispatcher.marble")]
    public void Dispatchers(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var dispatcher = stage.Form switch
        {
            "Dispatcher(capacity: 1)" => new Dispatcher<string>(1, hub: stage.Hub),
            "Dispatcher(capacity: 1, Overflow.DropOldest)" => new Dispatcher<string>(1, Overflow.DropOldest, stage.Hub),
            _ => throw stage.Unknown(),
        };
        stage.On("dispatch", dispatcher.Dispatch);
        ForEachResult(stage, _ => Slow(stage, () => dispatcher.Accept()));
    });

    private static void ForEachResult(MarbleStage stage, Func<string, IObservable<string>> result)
    {
        foreach (var name in stage.Results)
        {
            stage.Expect(name, result(name));
        }
    }

    /// <summary>Its end is the queue's.</summary>
    private static AsyncQueue<string> Filled(MarbleStage stage, int capacity = 10, Overflow overflow = Overflow.Fail)
    {
        var queue = new AsyncQueue<string>(capacity, overflow, stage.Hub);
        stage.Strings("put").Subscribe(queue.Put, queue.Complete);
        return queue;
    }

    private static IObservable<string> All(MarbleStage stage, AsyncQueue<string> queue) => stage.Loop<string>(async tell =>
    {
        await foreach (var item in queue.ReadAllAsync())
        {
            tell(item);
        }
    });

    private static Subject<string> PutWhenRoom(MarbleStage stage, out AsyncQueue<string> queue)
    {
        var (done, filled) = (new Subject<string>(), new AsyncQueue<string>(2, hub: stage.Hub));
        stage.On("put", item => filled.PutWhenRoom(item).Subscribe(_ => done.OnNext(item)));
        queue = filled;
        return done;
    }

    /// <summary>Opens an inbox when it is subscribed, and works on each item for a while.</summary>
    private static IObservable<string> Slow(MarbleStage stage, Func<Inbox<string>> open)
    {
        var work = stage.Time("work");
        return stage.Loop<string>(async tell =>
        {
            using var inbox = open();
            while (true)
            {
                tell(await inbox.Get());
                await stage.Hub.Sleep(work);
            }
        });
    }
}
