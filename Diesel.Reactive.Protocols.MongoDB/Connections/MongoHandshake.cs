using System.Reflection;
using System.Runtime.InteropServices;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is said on a fresh connection, before any call: who it is, what it can, and the log-in.</summary>
/// <remarks>Source: the driver specifications' <c>mongodb-handshake</c>: the old greeting, with the word that the new one is known.</remarks>
internal sealed class MongoHandshake(Connection connection, MongoOptions options, MongoLogIn logIn, bool isBalanced = false)
{
    private static readonly string Version = typeof(MongoHandshake).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
    private static readonly MongoFraming Framing = new();

    public async Task<MongoHello> Run()
    {
        var greeting = Greeting();
        var begun = logIn.Greet(greeting);
        var hello = await Greet(greeting);
        if (hello.MaxWireVersion < MongoHello.LeastWireVersion)
        {
            throw new ConnectionException(
                $"{connection.RemoteEndPoint} speaks up to version {hello.MaxWireVersion} of the protocol: at least {MongoHello.LeastWireVersion} is needed, as MongoDB 4.2 has it.", connection.RemoteEndPoint);
        }

        if (isBalanced && hello.Service is null)
        {
            throw new ConnectionException($"{connection.RemoteEndPoint} stands behind no balancer, and loadBalanced=true says that it does.", connection.RemoteEndPoint);
        }

        if (logIn.IsNeeded)
        {
            await logIn.Run(hello.Said, begun, command => Ask(command, options.LogInAt));
        }

        return hello;
    }

    /// <summary>Greets alone: what the server is, whatever that is.</summary>
    public Task<MongoHello> Greet() => Greet(Greeting());

    private async Task<MongoHello> Greet(BsonDocument greeting) => new(await Ask(greeting, "admin"));

    private BsonDocument Greeting()
    {
        var client = new BsonDocument();
        client.Add("application", () => new BsonDocument("name", options.ApplicationName), options.ApplicationName is not null);
        client.Add("driver", new BsonDocument { { "name", "Diesel.Reactive" }, { "version", Version } });
        client.Add("os", new BsonDocument("type", OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "unknown"));
        client.Add("platform", RuntimeInformation.FrameworkDescription);
        return new()
        {
            { isBalanced ? "hello" : "isMaster", 1 }, { "helloOk", true }, { "loadBalanced", true, isBalanced }, { "backpressure", "2" }, { "client", client },
            { "compression", new BsonArray(options.Compressor == MongoCompressor.Zlib ? ["zlib"] : Array.Empty<string>()) },
        };
    }

    private async Task<BsonDocument> Ask(BsonDocument command, string database)
    {
        var request = new MongoMessage { RequestId = MongoRequestId.Next(), Body = RawBson.Of(command.Add("$db", database)) };
        MongoCodec.Write(request, connection.Output);
        var reply = await connection.Read(Framing);
        if (reply.ResponseTo != request.RequestId)
        {
            throw new ProtocolException("The server answers something that was not asked.");
        }

        return reply.Body["ok"u8].ToBoolean() ? reply.Body.ToDocument() : throw MongoErrorException.Of(reply.Body);
    }
}

/// <summary>Numbers of requests: of one process all differ, until they begin anew.</summary>
internal static class MongoRequestId
{
    private static int _last;

    public static int Next() => Interlocked.Increment(ref _last) & int.MaxValue;
}
