using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class EventMarbleTests
{
    private static readonly Topic<string> News = new("news");

    [MarbleFile("event.marble")]
    public void Events(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var happened = new Event(stage.Hub);
        stage.On("set", _ => happened.Set());
        stage.OnIfAny("clear", _ => happened.Clear());
        foreach (var name in stage.Results)
        {
            stage.Expect(name, happened.Wait());
        }
    });

    [MarbleFile("countdown.marble")]
    public void Countdowns(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var countdown = new Countdown(stage.Form == "Countdown(3).Wait()" ? 3 : throw stage.Unknown(), stage.Hub);
        stage.On("tick", _ => countdown.Tick());
        foreach (var name in stage.Results)
        {
            stage.Expect(name, countdown.Wait());
        }
    });

    [MarbleFile("signals.marble")]
    public void Signalling(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var signals = new Signals(stage.Hub);
        stage.On("fire", value => signals.Fire(News, value));
        foreach (var name in stage.Results)
        {
            stage.Expect(name, stage.Form switch
            {
                "signals.Wait(news)" => signals.Wait(News),
                "signals.On(news)" => signals.On(News),
                "signals.Wait(news, limit)" => signals.Wait(News, stage.Time("limit")),
                _ => throw stage.Unknown(),
            });
        }
    });
}
