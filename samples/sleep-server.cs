#:project ../Diesel.Reactive

// diesel's sleep_server example: says a number of seconds back when they are over. It sleeps for one, and serves the others meanwhile.
//     telnet localhost 8013, then: 2.5
using System.Globalization;
using System.Net;
using Diesel.Reactive;

const double Longest = 60;

var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(8013)), Sleep);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

static async Task Sleep(Connection connection)
{
    while (true)
    {
        var line = await connection.Read(Framing.Lines(maxLength: 100));
        if (!double.TryParse(line, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > Longest)
        {
            connection.OnNext($"say a number of seconds, up to {Longest}\r\n".ToBytes());
            continue;
        }

        // For one who has hung up nobody waits; who has only ended his side still gets his reply.
        await Hub.Default.Sleep(TimeSpan.FromSeconds(seconds), connection.Closed);
        connection.OnNext($"slept for {seconds.ToString(CultureInfo.InvariantCulture)} s\r\n".ToBytes());
    }
}
