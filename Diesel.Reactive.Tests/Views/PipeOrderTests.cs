using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Diesel.Reactive.Tests;

/// <summary>A pipe's writer, and what else is sent on its connection, by one flow that is now on the hub and now elsewhere.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class PipeOrderTests(Func<Hub> newHub)
{
    private const int MiB = 1024 * 1024;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task What_one_flow_sends_arrives_in_its_order_whatever_way_it_takes([Range(1, 4)] int seed)
    {
        var (connection, peer) = _live.Wire(new() { MaxPendingBytes = 1024 * MiB });
        var output = connection.AsPipe().Output;
        var random = new Random(seed);
        var expected = new MemoryStream();
        var reading = ReadsSlowly(peer, new Random(-seed));
        for (var i = 0; i < (Live.IsSoak ? 100_000 : 3000); i++)
        {
            var message = Message(i, random);
            expected.Write(message);
            await Send(random.Next(6), connection, output, message);
        }

        await output.CompleteAsync();
        var got = await reading.WaitAsync(Live.Patience);
        Assert.That(got.AsSpan().SequenceEqual(expected.ToArray()), $"{got.Length} of {expected.Length} bytes");
    }

    private async Task Send(int way, Connection connection, PipeWriter output, byte[] message)
    {
        switch (way)
        {
            case 0:
                connection.OnNext(message);
                break;
            case 1:
                await OnHub(() => connection.OnNext(message));
                break;
            case 2:
                await OnHub(() => connection.Output.Write(message));
                break;
            case 3:
                Task? written = null;
                await OnHub(() => written = output.WriteAsync(message).AsTask());
                await written!;
                break;
            default:
                await output.WriteAsync(message);
                break;
        }
    }

    private Task OnHub(Action act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _live.Hub.Post(_ =>
        {
            act();
            done.SetResult();
        });
        return done.Task;
    }

    private static byte[] Message(int number, Random random)
    {
        var message = new byte[4 + random.Next(random.Next(50) == 0 ? 500_000 : 500)];
        message.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(message, number);
        return message;
    }

    // Now and then so slowly that the system has no room.
    private static Task<byte[]> ReadsSlowly(RawPeer peer, Random random) => Task.Factory.StartNew(
        () =>
        {
            var (all, buffer) = (new MemoryStream(), new byte[MiB]);
            while (peer.Socket.Receive(buffer.AsSpan(0, random.Next(1, buffer.Length))) is > 0 and var count)
            {
                all.Write(buffer.AsSpan(0, count));
                SpinWait.SpinUntil(static () => false, random.Next(200) == 0 ? 20 : 0);
            }

            return all.ToArray();
        },
        TaskCreationOptions.LongRunning);
}
