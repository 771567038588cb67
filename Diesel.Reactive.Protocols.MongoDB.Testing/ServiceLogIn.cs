using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>The server's side of SCRAM, for one connection.</summary>
/// <remarks>Source: RFC 5802 §3.</remarks>
internal sealed class ServiceLogIn(ServiceUsers users)
{
    private ScramHash _hash = ScramHash.Sha256;
    private ScramKeys? _keys;
    private string _said = "";
    private string _nonce = "";
    private bool _skipsEmpty;
    private bool _isProven;

    public bool IsIn { get; private set; } = !users.AreNeeded;

    /// <summary>As <see cref="Start"/>; what is wrong says nothing here.</summary>
    public BsonDocument? TryStart(BsonDocument command, string database)
    {
        try
        {
            return Start(command, database);
        }
        catch (MongoErrorException)
        {
            return null;
        }
    }

    /// <exception cref="MongoErrorException">There is no such user or mechanism.</exception>
    public BsonDocument Start(BsonDocument command, string database)
    {
        _hash = command["mechanism"].AsString switch
        {
            "SCRAM-SHA-256" => ScramHash.Sha256,
            "SCRAM-SHA-1" => ScramHash.Sha1,
            var other => throw new MongoErrorException($"Received authentication for mechanism {other} which is not enabled", 334, "MechanismUnavailable"),
        };
        _skipsEmpty = command.GetValue("options", new BsonDocument()).AsBsonDocument.GetValue("skipEmptyExchange", false).ToBoolean();
        _isProven = false;
        var first = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        if (!first.StartsWith("n,,n=", StringComparison.Ordinal) || first.Split(',') is not [_, _, var user, var nonce, ..])
        {
            throw Failed();
        }

        var name = user[2..].Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        var kept = users.Find(name, database, _hash) ?? throw Failed();
        _keys = kept.Keys;
        _nonce = nonce[2..] + ScramExchange.NewNonce();
        var reply = $"r={_nonce},s={Convert.ToBase64String(kept.Salt)},i={kept.Iterations}";
        _said = $"{first["n,,".Length..]},{reply}";
        return Reply(reply, done: false);
    }

    /// <exception cref="MongoErrorException">The proof is none.</exception>
    public BsonDocument GoOn(BsonDocument command)
    {
        var final = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        if (_isProven && final.Length == 0)
        {
            IsIn = true;
            return Reply("", done: true);
        }

        var proofAt = final.LastIndexOf(",p=", StringComparison.Ordinal);
        if (_keys is null || proofAt < 0 || !final.StartsWith($"c=biws,r={_nonce},", StringComparison.Ordinal))
        {
            throw Failed();
        }

        var said = Encoding.UTF8.GetBytes($"{_said},{final[..proofAt]}");
        if (!IsProof(Convert.FromBase64String(final[(proofAt + 3)..]), said, _keys))
        {
            throw Failed();
        }

        (_isProven, IsIn) = (true, IsIn || _skipsEmpty);
        return Reply($"v={Convert.ToBase64String(_hash.Hmac(_keys.Server, said))}", done: _skipsEmpty);
    }

    private bool IsProof(byte[] proof, byte[] said, ScramKeys keys)
    {
        var stored = _hash.Of(keys.Client);
        var signature = _hash.Hmac(stored, said);
        return proof.Length == signature.Length
            && CryptographicOperations.FixedTimeEquals(_hash.Of([.. proof.Select((one, i) => (byte)(one ^ signature[i]))]), stored);
    }

    private static BsonDocument Reply(string payload, bool done) => new()
    {
        { "conversationId", 1 }, { "done", done }, { "payload", new BsonBinaryData(Encoding.UTF8.GetBytes(payload)) }, { "ok", 1.0 },
    };

    private static MongoErrorException Failed() => new("Authentication failed.", 18, "AuthenticationFailed");
}
