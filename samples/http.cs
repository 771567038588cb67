#:project ../Diesel.Reactive.Protocols

// diesel's http.py, the oh so canonical server: says hello to whoever asks. Start it, then: curl -i http://localhost:8088/
using System.Net;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

var service = new HttpService(new IPEndPoint(IPAddress.Loopback, args.Port(8088)), request => HttpResponse.Text($"Hello, {request.Path}!\n"));
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
