#:project ../Diesel.Reactive.Protocols

// diesel's WebSocket chat: everything goes to everyone by a Fanout. Start it, and open http://localhost:8091/ in two windows of a browser.
using System.Net;
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Http;

const string Page =
    """
    <!doctype html>
    <meta charset="utf-8">
    <title>chat</title>
    <style>body { font: 16px sans-serif; max-width: 40em; margin: 2em auto } #said { list-style: none; padding: 0 } #said .news { color: gray }</style>
    <h1>chat</h1>
    <ul id="said"></ul>
    <form id="say"><input id="text" size="50" maxlength="500" autocomplete="off" autofocus placeholder="say something, or /name NAME"> <button>say</button></form>
    <p id="state">connecting…</p>
    <script>
      const state = document.getElementById('state'), text = document.getElementById('text');
      let socket;
      function connect() {
        socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
        socket.onopen = () => state.textContent = 'connected';
        socket.onmessage = event => {
          const line = document.createElement('li');
          line.textContent = event.data;
          line.className = event.data.startsWith('* ') ? 'news' : '';
          document.getElementById('said').append(line);
          line.scrollIntoView();
        };
        socket.onclose = event => { state.textContent = `closed (${event.code}); coming back…`; setTimeout(connect, 2000); };
      }
      document.getElementById('say').onsubmit = event => {
        event.preventDefault();
        if (text.value && socket.readyState === WebSocket.OPEN) { socket.send(text.value); text.value = ''; }
      };
      connect();
    </script>
    """;

var room = new Fanout<string>();
var guests = 0;
var options = new WebSocketOptions { MaxMessage = 4096, Deflate = new() };
var service = new HttpService(new IPEndPoint(IPAddress.Loopback, args.Port(8091)))
    .Route("GET", "/", _ => HttpResponse.Html(Page))
    .Route("GET", "/ws", request => request.AcceptWebSocket(Chat, options));
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

// What is said goes to the room, and what the room hears comes back. Who leaves is unsubscribed, however it came to that.
IObservable<WebSocketMessage> Chat(WebSocketConnection socket)
{
    var name = $"guest {++guests}";
    var said = socket.Where(message => message.IsText).Select(message => message.Text).Do(Say).IgnoreElements();
    return room.Merge(said)
        .Merge(Observable.Defer(() => News($"{name} has come")))
        .Select(WebSocketMessage.Of)
        .Finally(() => room.Publish($"* {name} has gone"));

    void Say(string text)
    {
        if (text.StartsWith("/name ", StringComparison.Ordinal) && text.Length is > 6 and <= 40)
        {
            room.Publish($"* {name} is {text[6..]} now");
            name = text[6..];
        }
        else
        {
            room.Publish($"{name}: {text}");
        }
    }
}

// To all, and to the one who has just come.
IObservable<string> News(string text)
{
    room.Publish($"* {text}");
    return Observable.Empty<string>();
}
