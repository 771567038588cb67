using System.Text;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Says who connects.</summary>
/// <param name="options">Who.</param>
/// <param name="hub">Where it is said.</param>
internal sealed class MongoLogIn(MongoOptions options, Hub hub)
{
    private const int MostSteps = 10;

    // What is made of a password takes its time on purpose, and is the same for each connection.
    private readonly Dictionary<(ScramHash, string, int), ScramKeys> _keys = [];

    /// <summary>Whether somebody logs in.</summary>
    public bool IsNeeded => options.User is not null || options.Mechanism == MongoMechanism.X509;

    /// <summary>What is asked along with the greeting, to save a turn.</summary>
    public ScramExchange? Greet(BsonDocument greeting)
    {
        if (!IsNeeded)
        {
            return null;
        }

        if (options.Mechanism is null)
        {
            greeting.Add("saslSupportedMechs", $"{options.LogInAt}.{options.User}");
        }

        if (options.Mechanism is MongoMechanism.Plain or MongoMechanism.X509)
        {
            return null;
        }

        var hash = options.Mechanism == MongoMechanism.ScramSha1 ? ScramHash.Sha1 : ScramHash.Sha256;
        var exchange = new ScramExchange(hash, options.User!, ScramExchange.NewNonce());
        greeting.Add("speculativeAuthenticate", Start(hash, exchange).Add("db", options.LogInAt));
        return exchange;
    }

    /// <summary>Logs in.</summary>
    /// <param name="greeted">What the server answered to the greeting.</param>
    /// <param name="begun">What was asked along with it.</param>
    /// <param name="ask">Asks the server.</param>
    /// <exception cref="MongoErrorException">The server does not know the user, or the password is another.</exception>
    /// <exception cref="ProtocolException">The server is not what it says.</exception>
    public async Task Run(BsonDocument greeted, ScramExchange? begun, Func<BsonDocument, Task<BsonDocument>> ask)
    {
        switch (options.Mechanism)
        {
            case MongoMechanism.Plain:
                await Plain(ask);
                break;
            case MongoMechanism.X509:
                await ask(new BsonDocument { { "authenticate", 1 }, { "mechanism", "MONGODB-X509" }, { "user", options.User ?? "", options.User is not null } });
                break;
            case MongoMechanism.ScramSha1:
                await Scram(ScramHash.Sha1, greeted, begun, ask);
                break;
            default:
                await Scram(Offered(greeted), greeted, begun, ask);
                break;
        }
    }

    private ScramHash Offered(BsonDocument greeted) =>
        options.Mechanism == MongoMechanism.ScramSha256 || (greeted.GetValue("saslSupportedMechs", BsonNull.Value) is BsonArray offered && offered.Contains("SCRAM-SHA-256"))
            ? ScramHash.Sha256
            : ScramHash.Sha1;

    private async Task Plain(Func<BsonDocument, Task<BsonDocument>> ask)
    {
        if (options.Tls is null)
        {
            throw new InvalidOperationException("PLAIN sends the password as it is: it is for connections with TLS alone.");
        }

        var payload = Encoding.UTF8.GetBytes($"\0{options.User}\0{options.Password}");
        await ask(new BsonDocument { { "saslStart", 1 }, { "mechanism", "PLAIN" }, { "payload", new BsonBinaryData(payload) }, { "autoAuthorize", 1 } });
    }

    private async Task Scram(ScramHash hash, BsonDocument greeted, ScramExchange? begun, Func<BsonDocument, Task<BsonDocument>> ask)
    {
        var isBegun = begun is not null && greeted.Contains("speculativeAuthenticate") && greeted["speculativeAuthenticate"].IsBsonDocument
            && (options.Mechanism is not null || hash == ScramHash.Sha256);
        var exchange = isBegun ? begun! : new ScramExchange(hash, options.User!, ScramExchange.NewNonce());
        var reply = isBegun ? greeted["speculativeAuthenticate"].AsBsonDocument : await ask(Start(hash, exchange));
        exchange.Read(Payload(reply));
        reply = await ask(GoOn(reply, exchange.Final(await Keys(hash, exchange))));
        exchange.Verify(Payload(reply));
        for (var step = 0; !reply.GetValue("done", false).ToBoolean(); step++)
        {
            if (step == MostSteps)
            {
                throw new ProtocolException("The server does not come to an end with SCRAM.");
            }

            reply = await ask(GoOn(reply, []));
        }
    }

    // On a thread of the pool: it takes milliseconds, and with a server that asks for it seconds.
    private async Task<ScramKeys> Keys(ScramHash hash, ScramExchange exchange)
    {
        var key = (hash, Convert.ToBase64String(exchange.Salt), exchange.Iterations);
        if (!_keys.TryGetValue(key, out var keys))
        {
            var secret = hash.Secret(options.User!, options.Password ?? throw new InvalidOperationException($"There is a user, {options.User}, and no password."));
            keys = await hub.Run(() => hash.Keys(secret, exchange.Salt, exchange.Iterations));
            _keys.TryAdd(key, keys);
        }

        return keys;
    }

    private static BsonDocument Start(ScramHash hash, ScramExchange exchange) => new()
    {
        { "saslStart", 1 }, { "mechanism", hash.Mechanisms }, { "payload", new BsonBinaryData(exchange.First()) }, { "autoAuthorize", 1 },
        { "options", new BsonDocument("skipEmptyExchange", true) },
    };

    private static BsonDocument GoOn(BsonDocument reply, byte[] payload) => new()
    {
        { "saslContinue", 1 }, { "conversationId", reply.GetValue("conversationId", 1) }, { "payload", new BsonBinaryData(payload) },
    };

    private static byte[] Payload(BsonDocument reply) => reply.GetValue("payload", BsonNull.Value) switch
    {
        BsonBinaryData payload => payload.Bytes,
        BsonString text => Encoding.UTF8.GetBytes(text.Value),
        _ => throw new ProtocolException("The server's message of SCRAM has no payload."),
    };
}
