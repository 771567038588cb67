#:project ../Diesel.Reactive

// diesel's udp_holla_server: sends every datagram back IN ALL CAPS. Try it with udp-holla-client.
using System.Reactive.Linq;
using Diesel.Reactive;

Application.Quickstart(new UdpService(args.Port(1234), HollaBack, new()
{
    Listening = endPoint => Console.WriteLine($"listening on {endPoint}"),
}));

static IObservable<Datagram> HollaBack(IDatagramSocket socket) =>
    socket.Select(message => message.Reply(message.Payload.ToUpper()));
