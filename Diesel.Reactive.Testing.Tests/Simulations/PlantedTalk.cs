using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What planted bugs share: servers that answer numbered questions, and clients that ask again.</summary>
internal static class PlantedTalk
{
    public static TimeSpan Long { get; } = TimeSpan.FromMinutes(2);

    public static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    public static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    public static void Serves(Simulation sim, string host, Func<string, string> answer) => Serves(sim.HubOn(host), answer);

    // What is asked has a number in front, and so has the answer.
    public static void Serves(Hub hub, Func<string, string> answer) => new UdpService(9, socket => socket.Select(asked =>
    {
        var text = asked.Payload.ToText();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return asked.Reply($"{text[..colon]}:{answer(text[(colon + 1)..])}".ToBytes());
    })).Start(hub);

    public static IObservable<string> Asks(
        Simulation sim, string name, Func<Asker, Task<string>> talk, string server = "server", bool isTrusting = false)
    {
        var hub = sim.HubOn(name);
        return Observable.FromAsync(() => talk(new Asker(hub, server, isTrusting))).SubscribeOn(hub);
    }

    /// <summary>Asks again when no answer comes. One that trusts takes whatever comes for the answer.</summary>
    internal sealed class Asker(Hub hub, string server, bool isTrusting = false) : DatagramClient(server, 9, hub: hub)
    {
        private int _asked;

        public Awaitable<string> Ask(string what) => Call(async socket =>
        {
            var number = _asked++;
            while (true)
            {
                socket.Send($"{number}:{what}".ToBytes());
                var first = await First.Of(Answer(socket, $"{number}:"), Hub.Sleep(Ms(60)));
                if (first.TryFirst(out var reply))
                {
                    return reply[(reply.IndexOf(':', StringComparison.Ordinal) + 1)..];
                }
            }
        });

        private Awaitable<string> Answer(IDatagramSocket socket, string number) => isTrusting
            ? socket.Datagrams().Select(static reply => reply.Payload.ToText()).FirstAsync().ToAwaitable()
            : socket.Datagrams().Select(static reply => reply.Payload.ToText()).FirstAsync(text => text.StartsWith(number, StringComparison.Ordinal)).ToAwaitable();
    }
}
