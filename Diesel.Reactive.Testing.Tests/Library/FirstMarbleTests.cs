using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class FirstMarbleTests
{
    [MarbleFile("first.marble")]
    public void Races(MarbleCase marble) => MarbleStage.Play(marble, Race);

    [MarbleFile("timeout.marble")]
    public void Timeouts(MarbleCase marble) => MarbleStage.Play(marble, Limited);

    private static void Race(MarbleStage stage)
    {
        switch (stage.Form)
        {
            case "First.Of(a, b)":
                stage.Expect("won", First.Of(stage.Strings("a"), stage.Strings("b")).Select(won => won.Match(a => a, b => b)));
                break;
            case "First.Of([w, x, y, z])":
                stage.Expect("won", First.Of([.. "wxyz".Select(name => stage.Strings($"{name}"))]).Select(won => $"{won.Index} {won.Value}"));
                break;
            case "First.Of(first.Get(), second.Get())":
                var (first, second) = (Filled(stage, "first"), Filled(stage, "second"));
                stage.Expect("won", First.Of(first.Get(), second.Get()).Select(won => won.Match(a => a, b => b)));
                stage.Expect("left", second.Get());
                break;
            case "First.Of(queue.Get(), stop.Wait(), hub.Sleep(limit))":
                var queue = Filled(stage, "put");
                stage.Expect("won", First.Of(queue.Get(), new Event(stage.Hub).Wait(), stage.Hub.Sleep(stage.Time("limit")))
                    .Select(won => won.Match(item => item, _ => "stop", _ => "late")));
                stage.Expect("later", queue.Get());
                break;
            default:
                throw stage.Unknown();
        }
    }

    private static void Limited(MarbleStage stage)
    {
        var limit = stage.Time("limit");
        switch (stage.Form)
        {
            case "queue.Get(timeout: limit)":
                var queue = Filled(stage, "put");
                stage.Expect("got", queue.Get(timeout: limit));
                stage.Expect("later", queue.Get());
                break;
            case "event.Wait(limit)":
                var set = new Event(stage.Hub);
                stage.On("set", _ => set.Set());
                stage.Expect("waited", set.Wait(limit));
                break;
            case "connection.Read(Framing.Lines()).Timeout(limit, hub)":
                var line = new MarbleLine(stage);
                line.PeerSends("in");
                stage.Expect("read", line.Connection.Read(Framing.Lines()).Timeout(limit, stage.Hub));
                stage.Expect("later", line.Connection.Read(Framing.Lines()));
                break;
            default:
                throw stage.Unknown();
        }
    }

    private static AsyncQueue<string> Filled(MarbleStage stage, string row)
    {
        var queue = new AsyncQueue<string>(hub: stage.Hub);
        stage.On(row, queue.Put);
        return queue;
    }
}
