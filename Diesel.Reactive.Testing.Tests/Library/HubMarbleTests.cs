using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class HubMarbleTests
{
    [MarbleFile("sleep.marble")]
    public void Sleeping(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        switch (stage.Form)
        {
            case "hub.Sleep(time)":
                var time = stage.Time("time");
                stage.Expect("slept", stage.Hub.Sleep(time));
                break;
            case "hub.Sleep(time, cancellation)":
                time = stage.Time("time");
                var cancellation = new CancellationTokenSource();
                stage.On("cancel", _ => cancellation.Cancel());
                stage.Expect("slept", stage.Hub.Sleep(time, cancellation.Token));
                break;
            case "hub.Sleep()":
                stage.Expect("both", Counting(stage, "abc").Merge(Counting(stage, "xyz")));
                break;
            default:
                throw stage.Unknown();
        }
    });

    [MarbleFile("schedule.marble")]
    public void Scheduling(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var called = new Subject<string>();
        var time = stage.Time("time");
        var timer = System.Reactive.Disposables.Disposable.Empty;
        stage.On("call", item => timer = stage.Form switch
        {
            "hub.Schedule(time, action)" => stage.Hub.Schedule(time, () => called.OnNext(item)),
            "hub.SchedulePeriodic(time, action)" => stage.Hub.SchedulePeriodic(time, () => called.OnNext(item)),
            _ => throw stage.Unknown(),
        });
        stage.OnIfAny("drop", _ => timer.Dispose());
        stage.Expect("called", called);
    });

    [MarbleFile("loop.marble")]
    public void Loops(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var (says, joined, children) = (new Subject<string>(), new Subject<string>(), new Subject<string>());
        Loop? loop = null;
        stage.On("fork", name =>
        {
            loop = stage.Hub.Fork(() => Say(says, name));
            loop.Subscribe(_ => { }, joined.OnError, joined.OnCompleted);
        });
        stage.OnIfAny("end", _ => loop!.Dispose());
        stage.Expect("says", says);
        stage.Expect("joined", joined);
        if (stage.Has("child"))
        {
            stage.Expect("child", children);
        }

        async Task Say(Subject<string> listener, string name)
        {
            if (stage.Form == "hub.Fork(loop), Loop.Current.ForkChild(child)" && listener == says)
            {
                _ = Loop.Current!.ForkChild(() => Say(children, name));
            }

            foreach (var step in "1234")
            {
                listener.OnNext($"{step}");
                await stage.Hub.Sleep(TimeSpan.FromMilliseconds(2));
                if (stage.Form == "hub.Fork(failing)" && step == '2')
                {
                    throw new MarbleException("broken");
                }
            }
        }
    });

    private static IObservable<string> Counting(MarbleStage stage, string steps) => stage.Loop<string>(async tell =>
    {
        foreach (var step in steps)
        {
            tell($"{step}");
            await stage.Hub.Sleep();
        }
    });
}
