using System.Security.Cryptography;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What two mechanisms differ in.</summary>
internal sealed record ScramHash(HashAlgorithmName Name, int Length, MongoMechanism Mechanism)
{
    public static ScramHash Sha1 { get; } = new(HashAlgorithmName.SHA1, SHA1.HashSizeInBytes, MongoMechanism.ScramSha1);

    public static ScramHash Sha256 { get; } = new(HashAlgorithmName.SHA256, SHA256.HashSizeInBytes, MongoMechanism.ScramSha256);

    /// <summary>As <c>saslStart</c> names it.</summary>
    public string Mechanisms => Mechanism == MongoMechanism.ScramSha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";

    /// <summary>What stands for the password: with SHA-1 what MongoDB made of it long ago, else itself in its one spelling.</summary>
    public string Secret(string user, string password) => Mechanism == MongoMechanism.ScramSha1
#pragma warning disable CA5351 // The protocol's own.
        ? Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{user}:mongo:{password}")))
#pragma warning restore CA5351
        : SaslPrep.Of(password);

    // SaltedPassword := Hi(Normalize(password), salt, i)
    public ScramKeys Keys(string secret, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, Name, Length);
        return new(Hmac(salted, "Client Key"u8), Hmac(salted, "Server Key"u8));
    }

    public byte[] Of(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(Name, bytes);

    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) => CryptographicOperations.HmacData(Name, key, bytes);
}

/// <summary>What is made of a password: to prove that one knows it, and to check that the other does.</summary>
internal sealed record ScramKeys(byte[] Client, byte[] Server);
