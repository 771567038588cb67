using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class PullMarbleTests
{
    [MarbleFile("read-all.marble")]
    public void Pulling(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var items = stage.Form switch
        {
            "queue.ReadAllAsync()" => Filled(stage).ReadAllAsync(),
            "source.ReadAllAsync(capacity: 2)" => stage.Strings("in").ReadAllAsync(2, hub: stage.Hub),
            "source.ReadAllAsync(capacity: 2, Overflow.DropOldest)" => stage.Strings("in").ReadAllAsync(2, Overflow.DropOldest, stage.Hub),
            "connection.ReadAllAsync(Framing.Lines())" => Line(stage).Connection.ReadAllAsync(Framing.Lines()),
            _ => throw stage.Unknown(),
        };
        var work = stage.Time("work");
        stage.Expect("got", stage.Loop<string>(async tell =>
        {
            await foreach (var item in items)
            {
                tell(item);
                await stage.Hub.Sleep(work);
            }
        }));
    });

    [MarbleFile("select-async.marble")]
    public void SelectingAsync(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var holds = new Subject<string>();
        stage.Expect("out", stage.Form switch
        {
            "source.SelectAsync(work, max: 3)" => stage.Strings("in").SelectAsync(Work, 3, hub: stage.Hub),
            "source.SelectAsync(work, max: 3, ordered: false)" => stage.Strings("in").SelectAsync(Work, 3, ordered: false, hub: stage.Hub),
            "source.SelectAsync(work, max: 1)" => stage.Strings("in").SelectAsync(Work, 1, hub: stage.Hub),
            "source.SelectAsync(work, max: 1, capacity: 1)" => stage.Strings("in").SelectAsync(Work, 1, capacity: 1, hub: stage.Hub),
            "source.SelectAsync(work, max: 2, hold: pause)" => stage.Strings("in").SelectAsync(Work, 2, hold: Hold, hub: stage.Hub),
            "connection.Lines().SelectAsync(work, max: 1)" => Line(stage).Connection.Lines().SelectAsync(Work, 1),
            _ => throw stage.Unknown(),
        });
        if (stage.Has("hold"))
        {
            stage.Expect("hold", holds);
        }

        async Task<string> Work(string milliseconds)
        {
            await stage.Hub.Sleep(TimeSpan.FromMilliseconds(int.Parse(milliseconds)));
            return milliseconds;
        }

        IDisposable Hold()
        {
            holds.OnNext("■");
            return Disposable.Create(() => holds.OnNext("▶"));
        }
    });

    [MarbleFile("share.marble")]
    public void Sharing(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var shared = stage.Form == "source.Share()" ? stage.Strings("in").Share(stage.Hub) : throw stage.Unknown();
        var told = new Subject<string>();
        foreach (var name in stage.Results)
        {
            stage.Expect(name, name == "thrown" ? told : shared);
        }

        shared.Subscribe(item =>
        {
            told.OnNext(item);
            _ = item == "b" && stage.Has("thrown") ? throw new NotSupportedException() : item;
        });
    });

    private static AsyncQueue<string> Filled(MarbleStage stage)
    {
        var queue = new AsyncQueue<string>(hub: stage.Hub);
        stage.Strings("put").Subscribe(queue.Put, queue.Complete);
        return queue;
    }

    private static MarbleLine Line(MarbleStage stage)
    {
        var line = new MarbleLine(stage);
        line.PeerSends("in");
        return line;
    }
}
