#:project ../Diesel.Reactive

// Passes everything on between those who connect and another server, as fast as the slower side goes, and keeps count of it. Run
// tcp-holla-server.cs first, and talk to it through here with: telnet localhost 4322
using System.Net;
using Diesel.Reactive;

var (port, host, upstreamPort) = args.PortHostAndPort(4322, "localhost", 4321);

// One thread runs all handlers: what they share needs no lock.
var (open, passed, failed, forth, back) = (0, 0, 0, 0L, 0L);
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Pass);
Application.Quickstart(service, (Func<Task>)Tell);

async Task Pass(Connection client)
{
    open++;
    try
    {
        using var upstream = await Tcp.Connect(host, upstreamPort);
        var counts = await client.RelayTo(upstream);
        (passed, forth, back) = (passed + 1, forth + counts.Forth, back + counts.Back);
    }
    catch
    {
        failed++;
        throw;
    }
    finally
    {
        open--;
    }
}

// Once a second, if there is something new: who writes a line for each connection waits for whoever reads them.
async Task Tell()
{
    Console.WriteLine($"listening on {service.EndPoint}");
    for (var told = (passed, failed); ; await Hub.Default.Sleep(TimeSpan.FromSeconds(1)))
    {
        if (told != (passed, failed))
        {
            told = (passed, failed);
            Console.WriteLine($"{passed} passed on, {failed} failed, {open} open; in all {forth} bytes there, {back} back");
        }
    }
}
