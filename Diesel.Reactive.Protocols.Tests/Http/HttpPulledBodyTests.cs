using System.Runtime.CompilerServices;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Bodies that an async iterator makes: a piece is asked for when the client has taken those before.</summary>
public class HttpPulledBodyTests
{
    private int _asked;
    private string _end = "";

    [SetUp]
    public void Begin() => (_asked, _end) = (0, "");

    [TestCase(0, "Content-Length: 0  ")]
    [TestCase(3, "Content-Length: 6  a0a1a2")]
    public void What_is_complete_at_once_has_a_length(int count, string answer) =>
        Assert.That(Answer(_ => Pieces(count, "a").AsResponse(), Get), Is.EqualTo($"HTTP/1.1 200 OK {answer}"));

    [Test]
    public void What_comes_later_goes_in_chunks_each_time_anew()
    {
        using var world = new World();
        var response = Pieces(2, "a", world.Hub).AsResponse();
        var peer = world.Talk(_ => response, Get + Get);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Transfer-Encoding: chunked  "));
        world.Passes(5);
        Assert.That(peer.Answers(), Is.EqualTo(string.Concat(Enumerable.Repeat("HTTP/1.1 200 OK Transfer-Encoding: chunked  2 a0 2 a1 0  ", 2))));
    }

    [Test]
    public void Nothing_is_asked_for_while_much_waits_to_be_taken_nor_when_nobody_is_there()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        world.Starts(new HttpService(Port, _ => Pieces(1000, new string('x', 9999)).AsResponse()));
        var peer = world.Dials(Port).StopsReading().Sends(Get);
        Assert.That((_asked, _end), Is.EqualTo((7, "")), "of 10 000 bytes each, when 64 KiB are the mark");
        for (var n = 0; n < 200; n++)
        {
            peer.ReadsOne();
            world.Passes(0.001);
        }

        var asked = _asked;
        Assert.That(asked, Is.InRange(20, 28), "when 200 000 bytes more were taken");
        peer.Resets();
        world.Passes(1);
        Assert.That((_asked, _end, world.Trouble), Is.EqualTo((asked, "ended", "")));
    }

    [Test]
    public void A_handler_that_is_async_ends_before_the_body_that_it_gives()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        world.Starts(new HttpService(Port, async request =>
        {
            await request.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            return Pieces(20, new string('x', 9999)).AsResponse();
        }));
        var peer = world.Dials(Port).Sends(Get);
        world.Passes(5);
        Assert.That((peer.Answers().EndsWith("0  ", StringComparison.Ordinal), _asked, _end, world.Trouble), Is.EqualTo((true, 20, "ended", "")));
    }

    [Test]
    public void What_it_throws_cuts_the_answer_off()
    {
        using var world = new World();
        var peer = world.Talk(_ => Pieces(2, "a", world.Hub).Concat(Throws()).AsResponse(), Get);
        world.Passes(5);
        Assert.That((peer.Answers(), world.Trouble), Is.EqualTo(("HTTP/1.1 200 OK Transfer-Encoding: chunked  2 a0 2 a1 |", "FormatException")));
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Throws()
    {
        await Task.CompletedTask;
        yield return HttpTalk.Get.Length > 0 ? throw new FormatException() : default(ReadOnlyMemory<byte>);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(int count, string text, Hub? hub = null, [EnumeratorCancellation] CancellationToken over = default)
    {
        try
        {
            for (var n = 0; n < count; n++)
            {
                if (hub is not null)
                {
                    await hub.Sleep(TimeSpan.FromSeconds(1), over);
                }

                _asked++;
                yield return $"{text}{n}".ToBytes();
            }
        }
        finally
        {
            _end = "ended";
        }
    }
}
