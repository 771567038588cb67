using System.Net;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Long bodies come and go by both clients at the pace of the slower side, and memory stays as it was.</summary>
[NonParallelizable]
public class HttpClientFlowTests
{
    private const int MiB = 1024 * 1024;
    private const int Most = 32 * MiB;

    private static readonly long Length = (Live.IsSoak ? 10_240L : 96) * MiB;

    // Of a length that is coprime to every buffer's: what is lost, doubled or moved shows.
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 4 * 251 * 1021).Select(static n => (byte)(n % 251))];

    private Live _live = null!;
    private Live _others = null!;
    private IPEndPoint _giver = null!;
    private IPEndPoint _taker = null!;
    private long _at;
    private long _looks;
    private long _before;

    [SetUp]
    public void Start()
    {
        (_live, _others) = (new Live(), new Live());
        var (at, options) = (new IPEndPoint(IPAddress.Loopback, 0), new HttpServiceOptions { Limits = new() { MaxBody = long.MaxValue } });
        _giver = (IPEndPoint)_others.Starts(new HttpService(at, static _ => Made().AsResponse(length: Length))).EndPoint!;
        _taker = (IPEndPoint)_others.Starts(new HttpService(at, Take, options)).EndPoint!;
        (_at, _looks, _before) = (0, 0, GC.GetTotalMemory(forceFullCollection: true));
    }

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _others.Dispose();
    }

    [Test]
    public void What_comes_to_a_slow_reader_costs_no_memory()
    {
        using var client = new HttpHubClient("127.0.0.1", _giver.Port, hub: _live.Hub);
        _live.Run(async () =>
        {
            var reply = await client.Request("GET", "/");
            await foreach (var piece in reply.Body.ReadAllAsync(capacity: 1))
            {
                Check(piece.Span);
                await _live.Hub.Sleep();
            }
        });
        Assert.That(_at, Is.EqualTo(Length));
    }

    [Test]
    public void What_comes_to_a_slow_reader_of_HttpClients_stream_costs_no_memory()
    {
        using var client = Client(_giver);
        _live.Await(Task.Run(async () =>
        {
            using var rest = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            var room = new byte[200_000];
            for (var (count, reads) = (1, 0); count > 0; reads++)
            {
                _ = reads % 16 == 0 && await rest.WaitForNextTickAsync();
                count = await body.ReadAsync(room);
                Check(room.AsSpan(0, count));
            }
        }));
        Assert.That(_at, Is.EqualTo(Length));
    }

    [Test]
    public void What_goes_to_a_slow_server_costs_no_memory([Values] bool isChunked)
    {
        using var client = new HttpHubClient("127.0.0.1", _taker.Port, hub: _live.Hub);
        var body = HttpRequestBody.Streamed(Made(), length: isChunked ? null : Length);
        Assert.That(_live.Run(async () => await (await client.Request("PUT", "/", body: body)).ReadText()), Is.EqualTo($"{Length}"));
    }

    [Test]
    public void What_HttpClient_sends_to_a_slow_server_costs_no_memory([Values] bool isChunked)
    {
        using var client = Client(_taker);
        using var content = new Written();
        content.Headers.ContentLength = isChunked ? null : Length;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = content, Headers = { TransferEncodingChunked = isChunked } };
        Assert.That(_live.Await(Task.Run(async () => await (await client.SendAsync(request)).Content.ReadAsStringAsync())), Is.EqualTo($"{Length}"));
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Made()
    {
        for (var left = Length; left > 0; left -= Pattern.Length)
        {
            await Task.Yield();
            yield return Pattern.AsMemory(0, (int)Math.Min(left, Pattern.Length));
        }
    }

    private HttpClient Client(IPEndPoint server) => new(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null }, _live.Hub))
    {
        BaseAddress = new Uri($"http://{server}"), Timeout = Timeout.InfiniteTimeSpan,
    };

    private async Task<HttpResponse> Take(HttpRequest request)
    {
        await foreach (var piece in request.Body.ReadAllAsync(capacity: 1))
        {
            Check(piece.Span);
            await _others.Hub.Sleep();
        }

        return HttpResponse.Text($"{_at}");
    }

    // Compares each byte, and looks at the memory four times on the way.
    private void Check(ReadOnlySpan<byte> piece)
    {
        for (var rest = piece; !rest.IsEmpty;)
        {
            var place = (int)(_at % 251);
            var count = Math.Min(rest.Length, Pattern.Length - place);
            if (!rest[..count].SequenceEqual(Pattern.AsSpan(place, count)))
            {
                throw new InvalidDataException($"Behind {_at} bytes it is not what was sent.");
            }

            _at += count;
            rest = rest[count..];
        }

        if (_at / (Length / 4) > _looks)
        {
            _looks++;
            var held = GC.GetTotalMemory(forceFullCollection: true) - _before;
            if (held > Most)
            {
                throw new InvalidDataException($"Behind {_at} bytes {held} are held.");
            }
        }
    }

    private sealed class Written : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await foreach (var piece in Made())
            {
                await stream.WriteAsync(piece);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
