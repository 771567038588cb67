#:project ../Diesel.Reactive.AspNetCore

// A chat over SignalR, served by a hub. Open http://127.0.0.1:8091/ in two windows.
using Diesel.Reactive;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseDiesel().UseUrls($"http://127.0.0.1:{args.Port(8091)}");
builder.Services.AddSignalR();
var app = builder.Build();
app.MapHub<Chat>("/chat");
app.MapGet("/", () => Results.Content(Page.Html, "text/html; charset=utf-8"));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Authority}"));
app.Run();

sealed class Chat : Microsoft.AspNetCore.SignalR.Hub
{
    public override Task OnConnectedAsync() => Clients.Others.SendAsync("said", "somebody", "has come");

    public Task Say(string who, string what) => Clients.All.SendAsync("said", who, what);
}

// The protocol by hand, as it is JSON over a WebSocket: no script from elsewhere.
static class Page
{
    public const string Html = """
        <!doctype html><title>Chat</title>
        <form id="form"><input id="who" value="me" size="8"> <input id="what" autofocus size="40"> <button>say</button></form><ul id="said"></ul>
        <script>
          const end = '\u001e', socket = new WebSocket(`ws://${location.host}/chat`);
          const send = value => socket.send(JSON.stringify(value) + end);
          socket.onopen = () => send({ protocol: 'json', version: 1 });
          socket.onmessage = event => event.data.split(end).filter(text => text).map(text => JSON.parse(text)).forEach(message => {
            if (message.type === 1) said.append(Object.assign(document.createElement('li'), { textContent: message.arguments.join(': ') }));
          });
          form.onsubmit = event => { event.preventDefault(); send({ type: 1, target: 'Say', arguments: [who.value, what.value] }); what.value = ''; };
        </script>
        """;
}
