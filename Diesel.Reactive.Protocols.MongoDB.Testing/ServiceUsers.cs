using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Who may log in, and what is kept of their passwords.</summary>
internal sealed class ServiceUsers(IReadOnlyList<MongoUser> users)
{
    private readonly Dictionary<(MongoUser, ScramHash), (byte[] Salt, int Iterations, ScramKeys Keys)> _kept = [];

    public bool AreNeeded => users.Count > 0;

    public bool Knows(string databaseAndName) => users.Any(user => $"{user.Database}.{user.Name}" == databaseAndName);

    public (byte[] Salt, int Iterations, ScramKeys Keys)? Find(string name, string database, ScramHash hash)
    {
        if (users.FirstOrDefault(user => user.Name == name && user.Database == database) is not { } user)
        {
            return null;
        }

        if (!_kept.TryGetValue((user, hash), out var kept))
        {
            var salt = RandomNumberGenerator.GetBytes(hash == ScramHash.Sha1 ? 16 : 28);
            kept = (salt, ScramExchange.LeastIterations, hash.Keys(hash.Secret(user.Name, user.Password), salt, ScramExchange.LeastIterations));
            _kept.Add((user, hash), kept);
        }

        return kept;
    }
}
