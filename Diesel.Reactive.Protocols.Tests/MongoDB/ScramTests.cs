using System.Text;
using Diesel.Reactive.Protocols.MongoDB;

namespace Diesel.Reactive.Tests;

/// <summary>Log-in by proof of a password.</summary>
public class ScramTests
{
    // RFC 5802, section 5, and RFC 7677, section 3.
    private static readonly TestCaseData[] Exchanges =
    [
        new(false, "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="),
        new(true, "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
    ];

    [TestCaseSource(nameof(Exchanges))]
    public void Says_what_the_standards_say(bool isSha256, string nonce, string first, string serverFirst, string final, string serverFinal)
    {
        var hash = isSha256 ? ScramHash.Sha256 : ScramHash.Sha1;
        var exchange = new ScramExchange(hash, "user", nonce);
        Assert.That(Text(exchange.First()), Is.EqualTo(first));
        exchange.Read(Encoding.UTF8.GetBytes(serverFirst));
        Assert.That(Text(exchange.Final(hash.Keys("pencil", exchange.Salt, exchange.Iterations))), Is.EqualTo(final));
        Assert.That(() => exchange.Verify(Encoding.UTF8.GetBytes(serverFinal)), Throws.Nothing);
        Assert.That(() => exchange.Verify("v=AAAA"u8), Throws.TypeOf<ProtocolException>());
        Assert.That(() => exchange.Verify("e=other-error"u8), Throws.TypeOf<ProtocolException>());
        Assert.That(() => exchange.Verify(""u8), Throws.TypeOf<ProtocolException>());
    }

    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096", true)]
    [TestCase("r=abc,s=QSXCR+Q6sek8bf92,i=4096", false)]
    [TestCase("r=xyz,s=QSXCR+Q6sek8bf92,i=4096", false)]
    [TestCase("r=ab,s=QSXCR+Q6sek8bf92,i=4096", false)]
    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=4095", false)]
    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=1", false)]
    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=-4096", false)]
    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=10000001", false)]
    [TestCase("r=abcdef,s=QSXCR+Q6sek8bf92,i=2147483648", false)]
    [TestCase("r=abcdef,s=!,i=4096", false)]
    [TestCase("r=abcdef,i=4096", false)]
    [TestCase("m=ext,r=abcdef,s=QSXCR+Q6sek8bf92,i=4096", false)]
    [TestCase("", false)]
    public void The_servers_first_message_is_checked(string message, bool isGood) => Assert.That(
        () => new ScramExchange(ScramHash.Sha256, "user", "abc").Read(Encoding.UTF8.GetBytes(message)), isGood ? Throws.Nothing : Throws.TypeOf<ProtocolException>());

    [TestCase("a=b,c", "n,,n=a=3Db=2Cc,r=abc")]
    [TestCase("=2C", "n,,n==3D2C,r=abc")]
    public void Names_are_written_so_that_they_can_be_read(string user, string first) => Assert.That(Text(new ScramExchange(ScramHash.Sha256, user, "abc").First()), Is.EqualTo(first));

    // RFC 4013, section 3; these tests run without data of Unicode but our own.
    [TestCase("user", "user")]
    [TestCase("USER", "USER")]
    [TestCase("I\u00ADX", "IX")]
    [TestCase("a\u00A0b", "a b")]
    [TestCase("p\u00E4ssw\u00F6rd", "p\u00E4ssw\u00F6rd")]
    [TestCase("\u0627\u0628", "\u0627\u0628")]
    [TestCase("\u00AA", "a")]
    [TestCase("\u2168", "IX")]
    [TestCase("pa\u0308sswo\u0308rd", "p\u00E4ssw\u00F6rd")]
    [TestCase("a\u0323\u0302", "\u1EAD")]
    [TestCase("a\u0302\u0323", "\u1EAD")]
    [TestCase("\u1112\u1161\u11AB\uD55C", "\uD55C\uD55C")]
    [TestCase("\uFB01\uFF21", "fiA")]
    [TestCase("\u0627\u0031\u0628", "\u06271\u0628")]
    public void A_password_has_one_spelling(string password, string spelling) => Assert.That(SaslPrep.Of(password), Is.EqualTo(spelling));

    [TestCase("\u0007")]
    [TestCase("\u0627\u0031")]
    [TestCase("a\u0627")]
    [TestCase("\uE000")]
    [TestCase("\u0221")]
    [TestCase("a\uD83D\uDE00")]
    [TestCase("a\u05D0")]
    public void Some_passwords_are_none(string password) => Assert.That(() => SaslPrep.Of(password), Throws.ArgumentException);

    [TestCase("user:pencil@/", true)]
    [TestCase("user:pencil@/?authMechanism=SCRAM-SHA-256", true)]
    [TestCase("user:pencil@/?authMechanism=SCRAM-SHA-1", true)]
    [TestCase("user:pencil@/admin", true)]
    [TestCase("user:wrong@/", false)]
    [TestCase("user:wrong@/?authMechanism=SCRAM-SHA-1", false)]
    [TestCase("other:pencil@/", false)]
    [TestCase("user:pencil@/elsewhere", false)]
    [TestCase("a%3Db%2Cc:p%C3%A4ss@/", true)]
    [TestCase("a%3Db%2Cc:p%C3%A4ss@/?authMechanism=SCRAM-SHA-1", true)]
    [TestCase("", false)]
    public void A_user_logs_in_or_does_not(string more, bool isIn) => MongoPlay.Run(
        async play =>
        {
            var failure = await MongoPlay.Failure(play.Test.Count());
            Assert.That((failure as MongoErrorException)?.Code, Is.EqualTo(isIn ? null : (int?)(more.Length == 0 ? 13 : 18)), $"{failure}");
        },
        more,
        new() { Users = [new("user", "pencil"), new("a=b,c", "p\u00E4ss")] });

    [Test]
    public void To_log_in_takes_one_turn_more_than_to_greet() => MongoPlay.Run(
        async play =>
        {
            await play.Test.Count();

            // Whoever asks how the server is logs in nowhere.
            var heard = play.Heard.Where(static each => each.GetElement(0).Name is not ("hello" or "isMaster") || each.Contains("speculativeAuthenticate"));
            Assert.That(heard.Select(static each => each.GetElement(0).Name), Is.EqualTo(new[] { "isMaster", "saslContinue", "aggregate" }));
        },
        "user:pencil@/",
        new() { Users = [new("user", "pencil")] });

    [Test]
    public void A_password_is_not_sent_as_it_is_without_TLS() => MongoPlay.Run(
        async play => Assert.That(await MongoPlay.ErrorOf(play.Test.Count()), Is.TypeOf<InvalidOperationException>().With.Message.Contains("TLS")),
        "user:pencil@/?authMechanism=PLAIN");

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
