#:project ../Diesel.Reactive

// diesel's tcp_holla_server: echoes every line IN ALL CAPS. Try it with: telnet localhost 4321
using System.Reactive.Linq;
using Diesel.Reactive;

var port = args.Length > 0 ? int.Parse(args[0]) : 4321;
var service = new TcpService(port, connection => connection.UntilEol().Select(line => line.ToUpper()),
    new() { Listening = endPoint => Console.WriteLine($"listening on {endPoint}") });

Application.Quickstart(service);
