using Diesel.Reactive.Protocols.MongoDB;

namespace Diesel.Reactive.Tests;

/// <summary>Connection strings: what they mean, what is left out with a word, and what is refused.</summary>
public class MongoConnectionStringTests
{
    // Hosts.
    [TestCase("mongodb://localhost", "localhost:27017 | | ")]
    [TestCase("mongodb://localhost/", "localhost:27017 | | ")]
    [TestCase("MongoDB://LocalHost", "localhost:27017 | | ")]
    [TestCase("mongodb://localhost:1", "localhost:1 | | ")]
    [TestCase("mongodb://localhost:65535", "localhost:65535 | | ")]
    [TestCase("mongodb://a,b:27018,c", "a:27017 b:27018 c:27017 | | ")]
    [TestCase("mongodb://127.0.0.1", "127.0.0.1:27017 | | ")]
    [TestCase("mongodb://[::1]", "[::1]:27017 | | ")]
    [TestCase("mongodb://[::1]:27018", "[::1]:27018 | | ")]
    [TestCase("mongodb://[FE80::1],a", "[fe80::1]:27017 a:27017 | | ")]
    [TestCase("mongodb://%2Ftmp%2Fmongodb-27017.sock", "/tmp/mongodb-27017.sock | | ")]
    [TestCase("mongodb://%2Ftmp%2Fmongodb-27017.sock/db", "/tmp/mongodb-27017.sock | | db")]
    [TestCase("mongodb://%2Ftmp%2Fmongodb%20x.sock,a", "/tmp/mongodb x.sock a:27017 | | ")]
    [TestCase("mongodb://ex%61mple", "example:27017 | | ")]
    [TestCase("mongodb://%E4%BE%8B", "例:27017 | | ")]
    [TestCase("mongodb+srv://db.example.com", "srv db.example.com | | ")]
    [TestCase("mongodb+srv://db.example.com/x?tls=false", "srv db.example.com | | x")]
    // Who logs in.
    [TestCase("mongodb://user:password@localhost", "localhost:27017 | user:password | ")]
    [TestCase("mongodb://user@localhost", "localhost:27017 | user | ")]
    [TestCase("mongodb://user:@localhost", "localhost:27017 | user: | ")]
    [TestCase("mongodb://us%40er:p%3Aw%2F%3F%25@localhost", "localhost:27017 | us@er:p:w/?% | ")]
    [TestCase("mongodb://us+er:p+w@localhost", "localhost:27017 | us+er:p+w | ")]
    [TestCase("mongodb://%C3%BC:%E2%82%AC@localhost", "localhost:27017 | ü:€ | ")]
    [TestCase("mongodb://a$b:c!d@localhost/db", "localhost:27017 | a$b:c!d | db")]
    // The database.
    [TestCase("mongodb://localhost/db", "localhost:27017 | | db")]
    [TestCase("mongodb://localhost/d%2Db?", "localhost:27017 | | d-b")]
    [TestCase("mongodb://localhost/?w=1", "localhost:27017 | | ")]
    [TestCase("mongodb://localhost?w=1", "localhost:27017 | | ")]
    public void Says_where_and_who(string text, string meaning)
    {
        var read = MongoConnectionString.Parse(text);
        var hosts = read.SrvName is null ? string.Join(' ', read.Servers.Select(Shown)) : $"srv {read.SrvName}";
        var user = read.Options.User is null ? "" : $"{read.Options.User}{(read.Options.Password is null ? "" : $":{read.Options.Password}")} ";
        Assert.That($"{hosts} | {user}| {read.Database}", Is.EqualTo(meaning));
        Assert.That(read.Warnings, Is.Empty);
        Assert.That(MongoConnectionString.Parse(read.ToSecretString()).ToSecretString(), Is.EqualTo(read.ToSecretString()));
    }

    [TestCase("localhost")]
    [TestCase("http://localhost")]
    [TestCase("mongodb:/localhost")]
    [TestCase("mongodb:localhost")]
    [TestCase("mongodb://")]
    [TestCase("mongodb:///db")]
    [TestCase("mongodb://a,,b")]
    [TestCase("mongodb://a,")]
    [TestCase("mongodb://,a")]
    [TestCase("mongodb://:27017")]
    [TestCase("mongodb://a:0")]
    [TestCase("mongodb://a:65536")]
    [TestCase("mongodb://a:-1")]
    [TestCase("mongodb://a:x")]
    [TestCase("mongodb://a:")]
    [TestCase("mongodb://a:1:2")]
    [TestCase("mongodb://[::1")]
    [TestCase("mongodb://[::x]")]
    [TestCase("mongodb://[127.0.0.1]")]
    [TestCase("mongodb://[::1]x")]
    [TestCase("mongodb://::1")]
    [TestCase("mongodb:///tmp/mongodb.sock")]
    [TestCase("mongodb://%2Ftmp%2Fmongodb.txt")]
    [TestCase("mongodb://%2Ftmp%2Fmongodb.sock:27017")]
    [TestCase("mongodb://us:er:pw@localhost")]
    [TestCase("mongodb://us@er:pw@localhost")]
    [TestCase("mongodb://user:p/w@localhost")]
    [TestCase("mongodb://user:p?w@localhost")]
    [TestCase("mongodb://user:p%w@localhost")]
    [TestCase("mongodb://user:p%4@localhost")]
    [TestCase("mongodb://@localhost")]
    [TestCase("mongodb://:pw@localhost")]
    [TestCase("mongodb://localhost/a.b")]
    [TestCase("mongodb://localhost/a%20b")]
    [TestCase("mongodb://localhost/a$b")]
    [TestCase("mongodb://localhost/a/b")]
    [TestCase("mongodb://localhost/%22")]
    [TestCase("mongodb://localhost/?w")]
    [TestCase("mongodb://localhost/?a=%")]
    [TestCase("mongodb+srv://a.b.c:27017")]
    [TestCase("mongodb+srv://a.b.c,d.e.f")]
    [TestCase("mongodb+srv://127.0.0.1")]
    [TestCase("mongodb+srv://%2Ftmp%2Fmongodb.sock")]
    // What contradicts itself.
    [TestCase("mongodb://a/?w=0&journal=true")]
    [TestCase("mongodb://a,b/?directConnection=true")]
    [TestCase("mongodb+srv://a.b.c/?directConnection=true")]
    [TestCase("mongodb://a,b/?loadBalanced=true")]
    [TestCase("mongodb://a/?loadBalanced=true&replicaSet=rs")]
    [TestCase("mongodb://a/?loadBalanced=true&directConnection=true")]
    [TestCase("mongodb://a/?srvMaxHosts=2")]
    [TestCase("mongodb+srv://a.b.c/?srvMaxHosts=2&replicaSet=rs")]
    [TestCase("mongodb+srv://a.b.c/?srvMaxHosts=2&loadBalanced=true")]
    [TestCase("mongodb://a/?srvServiceName=x")]
    [TestCase("mongodb://a/?tlsInsecure=true&tlsAllowInvalidCertificates=true")]
    [TestCase("mongodb://a/?tlsInsecure=true&tlsAllowInvalidHostnames=false")]
    [TestCase("mongodb://a/?tls=true&ssl=false")]
    [TestCase("mongodb://a/?tls=true&tls=false")]
    [TestCase("mongodb://a/?minPoolSize=101")]
    [TestCase("mongodb://a/?maxPoolSize=1&minPoolSize=2")]
    [TestCase("mongodb://a/?readPreferenceTags=a:b")]
    [TestCase("mongodb://a/?maxStalenessSeconds=120")]
    [TestCase("mongodb://a/?authMechanism=MONGODB-CR")]
    [TestCase("mongodb://u:p@a/?authMechanism=GSSAPI")]
    [TestCase("mongodb://u:p@a/?authMechanism=scram-sha-1")]
    [TestCase("mongodb://a/?authMechanism=SCRAM-SHA-1")]
    [TestCase("mongodb://u@a/?authMechanism=SCRAM-SHA-256")]
    [TestCase("mongodb://u:p@a/?authMechanism=MONGODB-X509")]
    [TestCase("mongodb://u:p@a/?authMechanism=PLAIN&authSource=admin")]
    [TestCase("mongodb://u:p@a/?authSource=")]
    public void What_is_none_is_refused(string text) => Assert.That(() => MongoConnectionString.Parse(text), Throws.ArgumentException);

    [TestCase("appName=x", "ApplicationName=x")]
    [TestCase("authSource=x", "AuthSource=x")]
    [TestCase("APPNAME=x", "ApplicationName=x")]
    [TestCase("compressors=snappy,zlib", "Compressor=Zlib")]
    [TestCase("compressors=snappy", "Compressor=None")]
    [TestCase("connectTimeoutMS=250", "ConnectTimeout=00:00:00.2500000")]
    [TestCase("maxPoolSize=7", "MaxPoolSize=7")]
    [TestCase("maxPoolSize=0", "MaxPoolSize=2147483647")]
    [TestCase("minPoolSize=7", "MinPoolSize=7")]
    [TestCase("maxConnecting=7", "MaxConnecting=7")]
    [TestCase("maxIdleTimeMS=7", "MaxIdleTime=00:00:00.0070000")]
    [TestCase("maxIdleTimeMS=0", "MaxIdleTime=-00:00:00.0010000")]
    [TestCase("retryReads=false", "RetryReads=False")]
    [TestCase("timeoutMS=7", "Timeout=00:00:00.0070000")]
    [TestCase("timeoutMS=0", "Timeout=-00:00:00.0010000")]
    [TestCase("w=2", "WriteConcern=WriteConcern { W = 2, Mode = , Journal = , Timeout =  }")]
    [TestCase("w=majority&wTimeoutMS=5", "WriteConcern=WriteConcern { W = , Mode = majority, Journal = , Timeout = 00:00:00.0050000 }")]
    [TestCase("journal=true&w=1", "WriteConcern=WriteConcern { W = 1, Mode = , Journal = True, Timeout =  }")]
    [TestCase("readConcernLevel=majority", "ReadConcern=ReadConcern { Level = majority }")]
    [TestCase("readPreference=secondaryPreferred", "ReadPreference=ReadPreference { Mode = SecondaryPreferred, Tags = , MaxStaleness =  }")]
    [TestCase("readPreference=nearest&maxStalenessSeconds=-1", "ReadPreference=ReadPreference { Mode = Nearest, Tags = , MaxStaleness =  }")]
    [TestCase("readPreference=nearest&maxStalenessSeconds=90", "ReadPreference=ReadPreference { Mode = Nearest, Tags = , MaxStaleness = 00:01:30 }")]
    public void An_option_sets_something(string query, string setting) => Set<MongoOptions>(query, setting, static read => read.Options);

    [TestCase("replicaSet=rs", "ReplicaSet=rs")]
    [TestCase("directConnection=true", "IsDirect=True")]
    [TestCase("loadBalanced=true", "IsLoadBalanced=True")]
    [TestCase("heartbeatFrequencyMS=500", "HeartbeatInterval=00:00:00.5000000")]
    [TestCase("serverSelectionTimeoutMS=7", "ServerSelectionTimeout=00:00:00.0070000")]
    [TestCase("localThresholdMS=7", "LocalThreshold=00:00:00.0070000")]
    [TestCase("retryWrites=false", "RetryWrites=False")]
    public void An_option_says_what_servers_are(string query, string setting) => Set<MongoTopologyOptions>(query, setting, static read => read.Topology);

    [TestCase("nothing=1")]
    [TestCase("tls=yes")]
    [TestCase("tls=")]
    [TestCase("directConnection=1")]
    [TestCase("connectTimeoutMS=x")]
    [TestCase("connectTimeoutMS=-1")]
    [TestCase("connectTimeoutMS=0")]
    [TestCase("heartbeatFrequencyMS=499")]
    [TestCase("maxPoolSize=-1")]
    [TestCase("minPoolSize=-1")]
    [TestCase("maxConnecting=0")]
    [TestCase("maxIdleTimeMS=x")]
    [TestCase("w=-1")]
    [TestCase("w=")]
    [TestCase("wTimeoutMS=-1")]
    [TestCase("journal=x")]
    [TestCase("readPreference=first")]
    [TestCase("readPreference=1")]
    [TestCase("maxStalenessSeconds=89")]
    [TestCase("retryReads=x")]
    [TestCase("retryWrites=x")]
    [TestCase("replicaSet=")]
    [TestCase("zlibCompressionLevel=10")]
    [TestCase("serverSelectionTimeoutMS=0")]
    [TestCase("localThresholdMS=-1")]
    [TestCase("appName=a&appName=b")]
    public void What_cannot_be_is_left_out_with_a_word(string query)
    {
        var read = MongoConnectionString.Parse($"mongodb://localhost/?{query}");
        Assert.That(read.Warnings, Has.Count.EqualTo(1).And.All.Contains(query[..query.IndexOf('=', StringComparison.Ordinal)]));
    }

    [TestCase("mongodb://a", false)]
    [TestCase("mongodb://a/?tls=true", true)]
    [TestCase("mongodb://a/?ssl=true", true)]
    [TestCase("mongodb://a/?tls=true&ssl=true", true)]
    [TestCase("mongodb+srv://a.b.c", true)]
    [TestCase("mongodb+srv://a.b.c/?tls=false", false)]
    public void TLS_is_wanted_or_not(string text, bool isTls) => Assert.That(MongoConnectionString.Parse(text).Options.Tls is not null, Is.EqualTo(isTls));

    [TestCase("mongodb://u:p@a", "admin")]
    [TestCase("mongodb://u:p@a/db", "db")]
    [TestCase("mongodb://u:p@a/db?authSource=other", "other")]
    [TestCase("mongodb://u:p@a/db?authMechanism=PLAIN&tls=true", "$external")]
    [TestCase("mongodb://a/?authMechanism=MONGODB-X509&tls=true", "$external")]
    [TestCase("mongodb://a/db", "admin")]
    public void A_database_knows_the_user(string text, string database) => Assert.That(MongoConnectionString.Parse(text).Options.LogInAt, Is.EqualTo(database));

    [Test]
    public void Tags_are_collected()
    {
        var tags = MongoConnectionString.Parse("mongodb://a/?readPreference=secondary&readPreferenceTags=dc:ny,rack:1&readPreferenceTags=dc:sf&readPreferenceTags=").Options.ReadPreference.Tags!;
        Assert.That(tags.Select(static set => string.Join(' ', set.Select(static tag => $"{tag.Key}={tag.Value}"))), Is.EqualTo(new[] { "dc=ny rack=1", "dc=sf", "" }));
    }

    [Test]
    public void Secrets_are_masked()
    {
        var read = MongoConnectionString.Parse("mongodb://user:secret@a,b/db?replicaSet=rs");
        Assert.Multiple(() =>
        {
            Assert.That(read.ToString(), Is.EqualTo("mongodb://user:***@a:27017,b:27017/db?authSource=db&replicaSet=rs"));
            Assert.That(read.ToSecretString(), Does.Contain("user:secret@"));
            Assert.That(read.Options.ToString(), Does.Not.Contain("secret"));
        });
    }

    [TestCase("mongodb://user:se/cret@localhost")]
    [TestCase("mongodb://user:se:cret@localhost")]
    [TestCase("mongodb://user:se%cret@localhost")]
    public void Errors_show_no_secret(string text) => Assert.That(() => MongoConnectionString.Parse(text), Throws.ArgumentException.With.Message.Not.Contain("cret"));

    [TestCase("mongodb://a,b")]
    [TestCase("mongodb://a/?replicaSet=rs")]
    [TestCase("mongodb://a/?loadBalanced=true")]
    [TestCase("mongodb+srv://a.b.c")]
    public void A_client_of_one_server_says_so(string text) => Assert.That(() => new MongoClient(text), Throws.TypeOf<NotSupportedException>());

    private static string Shown(System.Net.EndPoint server) =>
        server is System.Net.DnsEndPoint name ? $"{(name.Host.Contains(':', StringComparison.Ordinal) ? $"[{name.Host}]" : name.Host)}:{name.Port}" : $"{server}";

    private static void Set<T>(string query, string setting, Func<MongoConnectionString, object> of)
    {
        var read = MongoConnectionString.Parse($"mongodb://localhost/?{query}");
        var (name, value) = (setting[..setting.IndexOf('=', StringComparison.Ordinal)], setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        Assert.That($"{typeof(T).GetProperty(name)!.GetValue(of(read))}", Is.EqualTo(value));
        Assert.That(read.Warnings, Is.Empty);
        Assert.That(MongoConnectionString.Parse(read.ToSecretString()).ToSecretString(), Is.EqualTo(read.ToSecretString()));
    }
}
