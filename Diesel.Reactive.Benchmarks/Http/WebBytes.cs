using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>How many bytes a web server allocates for each request, those of the request itself among them: asked one by one on one connection.</summary>
internal static class WebBytes
{
    const int Warmup = 20_000;
    const int Requests = 20_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The request, whose bytes a hub receives into memory that is not used again.</summary>
    public static byte[] Request(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    public static double Measure(string peer, string path)
    {
        using var server = new PinnedProcess(0, Servers.Find($"web:{peer}").Command);
        var listening = server.ReadLine(Patience);
        using var client = new TcpClient("127.0.0.1", int.Parse(listening[(listening.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture)) { NoDelay = true };
        Ask(client.Client, path, Warmup);
        var before = Allocated();
        Ask(client.Client, path, Requests);
        return (Allocated() - before) / (double)Requests;

        long Allocated()
        {
            server.WriteLine(OwnServer.AllocationQuestion);
            return long.Parse(server.ReadLine(Patience), CultureInfo.InvariantCulture);
        }
    }

    static void Ask(Socket socket, string path, int times)
    {
        var (request, buffer) = (Request(path), new byte[64 * 1024]);
        for (var i = 0; i < times; i++)
        {
            socket.Send(request);
            var end = 0;
            do
            {
                var count = socket.Receive(buffer.AsSpan(end));
                end += count > 0 ? count : throw new NoResultException("The server has ended.");
            }
            while (!IsWhole(buffer.AsSpan(0, end)));
        }
    }

    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var body = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4)
        {
            return false;
        }

        var length = answer.IndexOf("Content-Length: "u8);
        return length >= 0 && length < body
            ? answer.Length == body + int.Parse(Encoding.ASCII.GetString(answer[(length + 16)..body].Slice(0, answer[(length + 16)..].IndexOf((byte)'\r'))), CultureInfo.InvariantCulture)
            : answer.EndsWith("0\r\n\r\n"u8);
    }
}
