using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A client that proves that it knows a password, and has the server prove that it does.</summary>
/// <remarks>Knows no connection. Source: RFC 5802 §3 and §5, RFC 7677; the bound of iterations is the driver specifications'.</remarks>
/// <param name="hash">With which function.</param>
/// <param name="user">Whose.</param>
/// <param name="nonce">Not used before; without a comma.</param>
internal sealed class ScramExchange(ScramHash hash, string user, string nonce)
{
    public const int LeastIterations = 4096;

    // One that a server asks for to keep its clients busy.
    public const int MostIterations = 10_000_000;

    private readonly string _bare = $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";
    private string _nonce = "";
    private string _serverFirst = "";
    private byte[] _serverSignature = [];

    /// <summary>Of the server's first message: with what the password is mixed.</summary>
    public byte[] Salt { get; private set; } = [];

    public int Iterations { get; private set; }

    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    // client-first-message = gs2-header client-first-message-bare
    public byte[] First() => Encoding.UTF8.GetBytes($"n,,{_bare}");

    /// <summary>Reads the server's first message.</summary>
    /// <exception cref="ProtocolException">It is none, or asks for what is not done.</exception>
    public void Read(ReadOnlySpan<byte> serverFirst)
    {
        _serverFirst = Encoding.UTF8.GetString(serverFirst);
        var parts = _serverFirst.Split(',');

        // server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
        if (parts.Length < 3 || Part(parts[0], 'r') is not { } nonceOfBoth || Part(parts[1], 's') is not { } salt || Part(parts[2], 'i') is not { } iterations)
        {
            throw new ProtocolException("The server's first message of SCRAM is none.");
        }

        if (!nonceOfBoth.StartsWith(nonce, StringComparison.Ordinal) || nonceOfBoth.Length == nonce.Length)
        {
            throw new ProtocolException("The server's nonce of SCRAM does not go on with the client's: somebody may be repeating what was said to another.");
        }

        if (!int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < LeastIterations or > MostIterations)
        {
            throw new ProtocolException($"The server asks for {iterations} iterations of SCRAM, where there are {LeastIterations} to {MostIterations}.");
        }

        try
        {
            (Salt, Iterations, _nonce) = (Convert.FromBase64String(salt), count, nonceOfBoth);
        }
        catch (FormatException error)
        {
            throw new ProtocolException("The server's salt of SCRAM is none.", error);
        }
    }

    // client-final-message = channel-binding "," nonce "," proof
    public byte[] Final(ScramKeys keys)
    {
        var withoutProof = $"c=biws,r={_nonce}";
        var said = Encoding.UTF8.GetBytes($"{_bare},{_serverFirst},{withoutProof}");
        var proof = hash.Hmac(hash.Of(keys.Client), said);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= keys.Client[i];
        }

        _serverSignature = hash.Hmac(keys.Server, said);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Checks the server's proof.</summary>
    /// <exception cref="ProtocolException">It does not know the password.</exception>
    public void Verify(ReadOnlySpan<byte> serverFinal)
    {
        // server-final-message = (server-error / verifier) ["," extensions]
        var first = Encoding.UTF8.GetString(serverFinal).Split(',')[0];
        Span<byte> signature = stackalloc byte[64];
        if (Part(first, 'v') is not { } sent || !Convert.TryFromBase64String(sent, signature, out var length)
            || !CryptographicOperations.FixedTimeEquals(signature[..length], _serverSignature))
        {
            throw new ProtocolException("The server does not prove that it knows the password: it may be another one that only says that all is well.");
        }
    }

    private static string? Part(string part, char name) => part.Length > 2 && part[0] == name && part[1] == '=' ? part[2..] : null;
}
