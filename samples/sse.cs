#:project ../Diesel.Reactive.Protocols

// Server-Sent Events: numbers that a client gets all, and once, though each connection ends after ten of them.
//     dotnet run samples/sse.cs                                               the server; then open http://localhost:8092/ in a browser
//     dotnet run samples/sse.cs -- client http://localhost:8092/events        a client
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

const string Page =
    """
    <!doctype html>
    <meta charset="utf-8">
    <title>events</title>
    <ul id="events"></ul>
    <script>
      new EventSource('/events').addEventListener('tick', event => {
        const line = document.createElement('li');
        line.textContent = `${event.lastEventId}: ${event.data}`;
        document.getElementById('events').append(line);
      });
    </script>
    """;

if (args is ["client", var uri])
{
    var source = new EventSource(uri);
    source.Lost.Subscribe(why => Console.WriteLine($"({why.Message} Coming back.)"));
    Application.Quickstart(async () => await source.ForEachAsync(one => Console.WriteLine($"{one.Id}: {one.Data}")));
    return;
}

var service = new HttpService(new IPEndPoint(IPAddress.Loopback, args.Port(8092)))
    .Route("GET", "/", _ => HttpResponse.Html(Page))
    .Route("GET", "/events", request => Ticks(request.LastEventId()).AsEventStream());
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

// Who comes back says which it had last.
static IObservable<ServerSentEvent> Ticks(string? lastId)
{
    var next = long.TryParse(lastId, out var last) ? last + 1 : 0;
    return Observable.Interval(TimeSpan.FromMilliseconds(500), Hub.Current!).Take(10)
        .Select(n => new ServerSentEvent($"it is {DateTimeOffset.UtcNow:T}", "tick", $"{next + n}", TimeSpan.FromSeconds(1)));
}
