#:project ../Diesel.Reactive

// diesel's udp_holla_server: sends every datagram back IN ALL CAPS. Try it with udp-holla-client.
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var service = new UdpService(new IPEndPoint(IPAddress.Loopback, args.Port(1234)), HollaBack);
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

static IObservable<Datagram> HollaBack(IDatagramSocket socket) =>
    socket.Select(message => message.Reply(message.Payload.ToUpper()));
