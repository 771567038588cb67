using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>A client on a virtual network, and servers of which each word is said by the test.</summary>
internal static class HttpAsking
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    public static HttpHubClient Asks(this World world, HttpClientOptions? options = null) => new(World.Here.ToString(), Port, options, world.Hub);

    /// <summary>.NET's client over a handler, without a clock of its own.</summary>
    public static HttpClient Clients(this World world, HttpClientOptions? options = null) => new(new DieselHttpHandler(options ?? DieselHttpHandler.Defaults with { WebProxy = null }, world.Hub))
    {
        BaseAddress = new Uri($"http://{World.Here}:{Port}/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>A server that answers each head as told; null: not at all.</summary>
    public static Peers Serves(this World world, Func<string, string?> answer, int port = Port) => world.Listens(port, peer =>
    {
        var head = "";
        peer.Answers(line =>
        {
            head += line + "\n";
            if (line.Length > 0)
            {
                return null;
            }

            (var asked, head) = (head, "");
            return answer(asked);
        });
    });

    /// <summary>A server that answers all alike.</summary>
    public static Peers Serves(this World world, string answer) => world.Serves(_ => answer);

    /// <summary>Status and text, or what went wrong.</summary>
    public static async Task<string> Told(this Awaitable<HttpReply> request)
    {
        try
        {
            var reply = await request;
            return $"{reply.Status} {Encoding.Latin1.GetString((await reply.Read()).Span)}";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    /// <summary>Asks, and gives what was told so far; null: nothing.</summary>
    public static Func<string?> Asked(this World world, Awaitable<HttpReply> request)
    {
        string? told = null;
        world.Runs(async () => told = await request.Told());
        return () => told;
    }

    /// <summary>As the other, of .NET's client.</summary>
    public static Func<string?> Asked(this World world, Func<Task<HttpResponseMessage>> request)
    {
        string? told = null;
        world.Runs(async () => told = await request().Told());
        return () => told;
    }

    /// <summary>As the other, of .NET's client.</summary>
    public static async Task<string> Told(this Task<HttpResponseMessage> request)
    {
        try
        {
            using var message = await request;
            return $"{(int)message.StatusCode} {await message.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException error)
        {
            return $"{error.HttpRequestError}";
        }
        catch (HttpIOException error)
        {
            return $"{error.HttpRequestError}";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }

    /// <summary>What goes wrong, awaited on the hub; null: nothing.</summary>
    public static async Task<Exception?> Failure(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
