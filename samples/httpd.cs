#:project ../Diesel.Reactive.Protocols

// diesel's dhttpd: a web server of one folder, with its access log. Start it and open http://localhost:8088/ in a browser.
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

var (port, folder) = args.PortAndFolder(8088, ".");

var service = new HttpService(new IPEndPoint(IPAddress.Loopback, port), HttpService.Files(folder));
service.Requests.Subscribe(one => Console.WriteLine(one));
service.Refusals.Subscribe(one => Console.WriteLine($"{one.RemoteEndPoint} refused: {one.Status}, {one.Reason} ({one.Rule})"));

Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
