using Diesel.Reactive.Testing;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;


namespace Diesel.Reactive.Tests;

/// <summary>A service answers alike however the bytes were cut.</summary>
public class ServiceChunkingTests
{
    [Property(MaxTest = 50, QuietOnSuccess = true)]
    public void An_observable_handler_answers_alike(int seed) => Answers_alike(seed, static c => c.UntilEol().Select(line => line.ToUpper()));

    [Property(MaxTest = 50, QuietOnSuccess = true)]
    public void A_grammar_answers_alike(int seed) => Answers_alike(seed, static c => c.Decode(
        from head in Framing.UntilEol()
        from payload in Framing.Bytes(head.Length)
        select (ReadOnlyMemory<byte>)new byte[] { (byte)('0' + (head.Length % 10)), payload.Span[0] }));

    [Property(MaxTest = 50, QuietOnSuccess = true)]
    public void A_handler_of_one_shot_readings_answers_alike(int seed) => Answers_alike(seed, static c => c.Read(Framing.UntilEol()).Repeat(20));

    [Property(MaxTest = 50, QuietOnSuccess = true)]
    public void A_sequential_handler_answers_alike(int seed) => Answers_alike(seed, hub => new TcpService(7, async c =>
    {
        for (var n = 1; ; n++)
        {
            c.OnNext((await c.Read(Framing.UntilEol())).ToUpper());
            await c.Send(await c.Read(Framing.Bytes(n % 4)));
            await hub.Sleep();
        }
    }));

    private static void Answers_alike(int seed, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler) =>
        Answers_alike(seed, _ => new TcpService(7, handler));

    private static void Answers_alike(int seed, Func<Hub, TcpService> service)
    {
        var answers = new[] { Cut.Whole, Cut.Bytewise, Cut.Random() }.Select(cut => Answer(service, Request(seed), cut, seed)).ToList();
        Assert.That(answers, Is.All.EqualTo(answers[0]));
        Assert.That(answers[0], Is.Not.Empty);
    }

    private static string Answer(Func<Hub, TcpService> service, string request, Cut cut, int seed)
    {
        using var world = new World(seed);
        world.Network.Conditions = new() { Cut = cut, Window = 1 + (int)((uint)seed % 100), SentInBackground = (int)((uint)seed % 7) };
        world.Starts(service(world.Hub));
        return world.Dials(7).Sends(request).Ends().Story;
    }

    private static string Request(int seed)
    {
        var draw = new FramingDraw(seed);
        return "a\r\nb" + string.Concat(draw.Some(() => draw.Text("ab\r\n", 0, 30) + "\r\n")) + "\r\nxyz\r\n";
    }
}
