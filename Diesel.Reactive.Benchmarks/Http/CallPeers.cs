using System.Net;
using Diesel.Reactive.AspNetCore;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Benchmarks.Http.Calls;
using Diesel.Reactive.Protocols.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>A method that is called from afar and gives back what it got, by SignalR and by gRPC; what lies under it is all that the peers differ in.</summary>
internal static class CallPeers
{
    public static IPEndPoint StartSignalR(int port) => Start(port, Diesel, HttpProtocols.Http1);

    public static IPEndPoint StartSignalROnTransport(int port) => Start(port, Transport, HttpProtocols.Http1);

    public static IPEndPoint StartSignalROnKestrel(int port) => Start(port, Kestrel, HttpProtocols.Http1);

    public static IPEndPoint StartGrpcOnTransport(int port) => Start(port, Transport, HttpProtocols.Http2);

    public static IPEndPoint StartGrpcOnKestrel(int port) => Start(port, Kestrel, HttpProtocols.Http2);

    static void Diesel(IWebHostBuilder web) => web.UseDiesel(new() { Hub = new Hub(), Http = new HttpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog } } });

    static void Transport(IWebHostBuilder web) => web.UseDieselTransport(new() { Hub = new Hub(), Connections = new() { Socket = new() { Backlog = ServerProgram.Backlog } } });

    static void Kestrel(IWebHostBuilder web) => web.UseSockets(static sockets => sockets.Backlog = ServerProgram.Backlog);

    static IPEndPoint Start(int port, Action<IWebHostBuilder> serve, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        serve(builder.WebHost);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddGrpc();

        // A Ping would be an answer that nobody expects.
        builder.Services.AddSignalR(static options => options.KeepAliveInterval = TimeSpan.FromHours(1));
        var application = builder.Build();
        application.MapHub<EchoHub>("/signalr");
        application.MapGrpcService<EchoService>();
        ((IHost)application).Start();
        return new IPEndPoint(IPAddress.Loopback, new Uri(application.Urls.First()).Port);
    }

    sealed class EchoHub : Microsoft.AspNetCore.SignalR.Hub
    {
        public string Echo(string text) => text;
    }

    sealed class EchoService : Speaker.SpeakerBase
    {
        public override Task<Words> Say(Words request, ServerCallContext context) => Task.FromResult(request);
    }
}
