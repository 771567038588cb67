using Diesel.Reactive.Tests.Greeting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diesel.Reactive.Tests;

/// <summary>The service that <c>dotnet new grpc</c> makes, on a hub, and the client of gRPC for .NET.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class GrpcTests(Func<Hub> loop)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_call_is_answered(bool secure)
    {
        await using var server = await Serve(secure);
        using var channel = Dial(server);
        var reply = await new Greeter.GreeterClient(channel).SayHelloAsync(new HelloRequest { Name = "hub" }, deadline: Deadline());
        Assert.That(reply.Message, Is.EqualTo("Hello hub"));
    }

    [Test]
    public async Task A_thousand_calls_at_once_get_their_own_replies()
    {
        await using var server = await Serve();
        using var channel = Dial(server);
        var client = new Greeter.GreeterClient(channel);
        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async n => (await client.SayHelloAsync(new HelloRequest { Name = $"{n}" }, deadline: Deadline())).Message));
        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, 1000).Select(n => $"Hello {n}")));
    }

    [Test]
    public async Task A_stream_goes_both_ways()
    {
        await using var server = await Serve();
        using var channel = Dial(server);
        using var call = new Greeter.GreeterClient(channel).SayHellos(deadline: Deadline());
        var heard = new List<string>();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await call.RequestStream.WriteAsync(new HelloRequest { Name = name });
            await call.ResponseStream.MoveNext(default);
            heard.Add(call.ResponseStream.Current.Message);
        }

        await call.RequestStream.CompleteAsync();
        Assert.That((string.Join(' ', heard), await call.ResponseStream.MoveNext(default)), Is.EqualTo(("Hello a Hello b Hello c", false)));
    }

    [Test]
    public async Task A_refusal_has_its_status()
    {
        await using var server = await Serve();
        using var channel = Dial(server);
        Assert.That(
            async () => await new Greeter.GreeterClient(channel).SayHelloAsync(new HelloRequest(), deadline: Deadline()),
            Throws.InstanceOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(StatusCode.InvalidArgument));
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + Live.Patience;

    private static GrpcChannel Dial(KestrelOnHub server) => GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true } },
        DisposeHttpClient = true,
    });

    private Task<KestrelOnHub> Serve(bool secure = false) => KestrelOnHub.Start(
        _live.Hub, static app => app.MapGrpcService<GreeterService>(), HttpProtocols.Http2, secure, static builder => builder.Services.AddGrpc());

    private sealed class GreeterService : Greeter.GreeterBase
    {
        public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context) => request.Name.Length > 0
            ? Task.FromResult(new HelloReply { Message = $"Hello {request.Name}" })
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "Who?"));

        public override async Task SayHellos(IAsyncStreamReader<HelloRequest> requestStream, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
        {
            await foreach (var request in requestStream.ReadAllAsync())
            {
                await responseStream.WriteAsync(await SayHello(request, context));
            }
        }
    }
}
