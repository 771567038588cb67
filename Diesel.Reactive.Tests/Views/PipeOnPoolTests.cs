using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A connection's pipe, used from the thread pool while the hub's thread receives.</summary>
public class PipeOnPoolTests
{
    private const int Count = 2_000_000;

    [Test]
    public async Task Each_byte_is_seen_once_whatever_is_consumed_and_examined([Range(1, 6)] int seed)
    {
        using var live = new Live();
        var service = new TcpService(0, async connection => await Task.Run(() => Echo(connection.AsPipe(), new Random(seed))));
        service.Start(live.Hub);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, service.Port);
        var stream = client.GetStream();
        var sent = new byte[Count];
        new Random(-seed).NextBytes(sent);
        var sending = Send(client, sent, new Random(1000 + seed));
        var echoed = new byte[Count];
        await stream.ReadExactlyAsync(echoed).AsTask().WaitAsync(Live.Patience);
        await sending;
        Assert.That(echoed.AsSpan().SequenceEqual(sent));
        Assert.That(await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Live.Patience), Is.Zero, "and then the end");
    }

    private static async Task Send(TcpClient client, byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var piece = Math.Min(random.Next(1, random.Next(10) == 0 ? 100_000 : 2000), bytes.Length - at);
            await client.GetStream().WriteAsync(bytes.AsMemory(at, piece));
            at += piece;
        }

        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static async Task Echo(IDuplexPipe pipe, Random random)
    {
        while (true)
        {
            using var limit = new CancellationTokenSource(random.Next(20) == 0 ? TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan);
            if (random.Next(10) == 0)
            {
                pipe.Input.CancelPendingRead();
            }

            ReadResult result;
            try
            {
                result = random.Next(4) == 0 && pipe.Input.TryRead(out var there) ? there : await pipe.Input.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                continue;
            }

            var buffer = result.Buffer;
            var taken = random.Next(3) == 0 ? random.NextInt64(buffer.Length + 1) : buffer.Length;
            foreach (var piece in buffer.Slice(0, taken))
            {
                await pipe.Output.WriteAsync(piece);
            }

            // Who has not examined all is shown the rest at once.
            pipe.Input.AdvanceTo(buffer.GetPosition(taken), buffer.GetPosition(taken + random.NextInt64(buffer.Length - taken + 1)));
            if (result.IsCompleted && taken == buffer.Length)
            {
                pipe.Input.Complete();
                pipe.Output.Complete();
                return;
            }
        }
    }
}
