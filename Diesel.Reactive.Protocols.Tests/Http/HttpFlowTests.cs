using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Long bodies flow through a handler at the pace of the slower side, and memory stays as it was.</summary>
[NonParallelizable]
public class HttpFlowTests
{
    private const int MiB = 1024 * 1024;
    private const int Most = 24 * MiB;

    private static readonly long Length = (Live.IsSoak ? 10_240L : 128) * MiB;

    // Of a length that is coprime to every buffer's: what is lost, doubled or moved shows.
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 8 * 251 * 1021).Select(static n => (byte)(n % 251))];

    private Live _live = null!;

    [SetUp]
    public void Begin() => _live = new Live();

    [TearDown]
    public void End() => _live.Dispose();

    [TestCase(true, false)]
    [TestCase(false, false)]
    [TestCase(true, true)]
    public async Task What_goes_up_and_comes_down_costs_no_memory(bool isReaderSlow, bool isChunked)
    {
        using var socket = Connects(request => request.Body.AsResponse(length: request.Body.Length));
        var fields = isChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {Length}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(HttpWire.Request("POST /", fields)));
        var sending = Task.Run(() => Sends(socket, isChunked, isSlow: !isReaderSlow));
        await Takes(socket, isReaderSlow, isChunked);
        await sending;
    }

    [Test]
    public async Task What_is_made_comes_down_at_the_readers_pace()
    {
        var (asked, ahead, taken) = (0L, 0L, new StrongBox());
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Made()
        {
            for (var left = Length; left > 0; left -= Pattern.Length)
            {
                var piece = Pattern.AsMemory(0, (int)Math.Min(left, Pattern.Length));
                asked += piece.Length;
                ahead = Math.Max(ahead, asked - taken.Value);
                yield return piece;
                await Hub.Current!.Sleep();
            }
        }

        using var socket = Connects(_ => Made().AsResponse(length: Length));
        await socket.SendAsync(Encoding.ASCII.GetBytes(HttpTalk.Get));
        await Takes(socket, isSlow: true, isChunked: false, taken);
        Assert.That((asked, ahead < Most), Is.EqualTo((Length, true)), $"{ahead} bytes were made that nobody had taken");
    }

    private Socket Connects(Func<HttpRequest, HttpResponse> handler)
    {
        var options = new HttpServiceOptions { Limits = new() { MaxBody = long.MaxValue } };
        var service = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), handler, options));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(service.EndPoint);
        return socket;
    }

    private static async Task Sends(Socket socket, bool isChunked, bool isSlow)
    {
        using var rest = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var left = Length; left > 0; left -= Pattern.Length)
        {
            var piece = Pattern.AsMemory(0, (int)Math.Min(left, Pattern.Length));
            if (isChunked)
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"));
            }

            for (var sent = 0; sent < piece.Length; sent += await socket.SendAsync(piece[sent..Math.Min(sent + 200_000, piece.Length)]))
            {
                _ = isSlow && await rest.WaitForNextTickAsync();
            }

            if (isChunked)
            {
                await socket.SendAsync("\r\n"u8.ToArray());
            }
        }

        if (isChunked)
        {
            await socket.SendAsync("0\r\n\r\n"u8.ToArray());
        }
    }

    // Reads a whole answer, compares each byte of its body, and looks at the memory four times on the way.
    private static async Task Takes(Socket socket, bool isSlow, bool isChunked, StrongBox? taken = null)
    {
        using var rest = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var (reader, room, filled, at, looks) = (new HttpResponseReader(new HttpLimits { MaxBody = long.MaxValue }), new byte[512 * 1024], 0, 0L, 0L);
        reader.Expect("GET");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var isOver = false; !isOver;)
        {
            _ = isSlow && await rest.WaitForNextTickAsync();
            var count = await socket.ReceiveAsync(room.AsMemory(filled));
            Assert.That(count, Is.Positive, $"it ended after {at} bytes");
            filled += count;
            ReadOnlyMemory<byte> unread = room.AsMemory(0, filled);
            while (!isOver && unread.Length > 0 && reader.TryDecode(unread, out var part, out var consumed))
            {
                if (part.Kind == HttpPartKind.Data)
                {
                    var place = (int)(at % 251);
                    Assert.That(part.Bytes.Span.SequenceEqual(Pattern.AsSpan(place, part.Bytes.Length)), Is.True, $"behind {at} bytes");
                    at += part.Bytes.Length;
                }

                (isOver, unread) = (part.IsLast, unread[consumed..]);
            }

            unread.CopyTo(room);
            filled = unread.Length;
            _ = taken is not null && (taken.Value = at) > 0;
            if (at / (Length / 4) > looks)
            {
                looks++;
                Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(Most), $"behind {at} bytes");
            }
        }

        Assert.That((at, reader.Body.Kind == HttpBodyKind.Chunked), Is.EqualTo((Length, isChunked)));
    }

    private sealed class StrongBox
    {
        private long _value;

        public long Value
        {
            get => Volatile.Read(ref _value);
            set => Volatile.Write(ref _value, value);
        }
    }
}
