#:project ../Diesel.Reactive

// diesel's udp_echo example: every datagram goes back to whoever has sent it. Try it with: nc -u localhost 8015
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;

var service = new UdpService(new IPEndPoint(IPAddress.Loopback, args.Port(8015)), socket => socket.Select(datagram => datagram.Reply(datagram.Payload)));
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
