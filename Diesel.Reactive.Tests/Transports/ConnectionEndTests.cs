using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>How a peer ended its connection is told once by the kernel, and must not get lost between the calls that ask.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ConnectionEndTests(bool portable)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Hub _hub = null!;
    private Socket _peer = null!;

    [SetUp]
    public void SetUp()
    {
        _hub = new Hub(new HubOptions { Portable = portable });
        _peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }

    [TearDown]
    public void TearDown()
    {
        _peer.Dispose();
        _hub.Dispose();
    }

    [Test]
    public async Task A_FIN_that_comes_with_the_last_bytes_is_told()
    {
        var read = Serve(async connection =>
        {
            _peer.Send("last"u8);
            _peer.Shutdown(SocketShutdown.Send);
            return await ReadToEnd(connection);
        });

        Assert.That(await read, Is.EqualTo("4 bytes, FIN"));
    }

    [Test]
    public async Task A_reset_is_told_to_who_waits_for_bytes()
    {
        var read = Serve(async connection =>
        {
            var rest = ReadToEnd(connection);
            Reset();
            return await rest;
        });

        Assert.That(await read, Is.EqualTo("0 bytes, ConnectionException"));
    }

    [Test]
    public async Task What_came_before_a_reset_is_delivered_also_when_a_send_found_it_out()
    {
        var read = Serve(async connection =>
        {
            using (connection.Pause())
            {
                _peer.Send("last"u8);
                Reset();
                connection.OnNext("x"u8.ToArray());
                await _hub.Sleep();
                await _hub.Sleep();
            }

            return await ReadToEnd(connection);
        });

        Assert.That(await read, Is.EqualTo("4 bytes, ConnectionException"));
    }

    [Test]
    public void A_reset_behind_the_FIN_is_told_as_any_other_whether_it_answers_what_was_sent_or_not([Values] bool answers)
    {
        using var ground = new RealGround("real", new Hub(new HubOptions { Portable = portable }));
        Assert.That(
            ground.Run(async () =>
            {
                var (a, b) = await ground.Wire();
                var (actor, peer) = (new TransportActor(a), new TransportActor(b));
                actor.Play(new Step('A', "reads"));
                peer.Play(new Step('B', answers ? "closes" : "ends"));
                await ground.Quiet(() => actor.Story == "|");
                (answers ? actor : peer).Play(answers ? new Step('A', "sends", 1) : new Step('B', "aborts"));
                await ground.Quiet(() => actor.Story != "|");
                return actor.Story;
            }),
            Is.EqualTo("| #ConnectionReset"));
    }

    private void Reset()
    {
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
    }

    private Task<string> Serve(Func<Connection, Task<string>> handler)
    {
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: _hub);
        listening.Subscribe(async connection => result.SetResult(await handler(connection)));
        _peer.Connect(listening.EndPoint);
        return result.Task.WaitAsync(Patience);
    }

    private static async Task<string> ReadToEnd(Connection connection)
    {
        var count = 0;
        try
        {
            while (true)
            {
                count += (await connection.Read(Framing.Chunk())).Length;
            }
        }
        catch (Exception end)
        {
            return $"{count} bytes, {(end is EndOfStreamException ? "FIN" : end.GetType().Name)}";
        }
    }
}
