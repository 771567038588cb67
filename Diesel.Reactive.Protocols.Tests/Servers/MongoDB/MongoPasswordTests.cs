using System.Globalization;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Passwords that are not ASCII: pymongo and we spell them alike, and who stored one spelling lets in whoever says another.</summary>
public class MongoPasswordTests
{
    private const string Python = "/usr/bin/python3";
    private const string Pymongo = "/usr/lib/python3/dist-packages/pymongo/__init__.py";

    // Where letters combine, are composed, are written from the right, mean nothing yet, are not shown; Hangul whole and in parts.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x20, 0x7e), (0xa0, 0x24f), (0x300, 0x36f), (0x370, 0x3ff), (0x590, 0x6ff), (0x900, 0x97f), (0x1100, 0x11ff), (0x1e00, 0x1fff), (0x2000, 0x206f), (0x2100, 0x21ff), (0x3040, 0x30ff),
        (0x3130, 0x318f), (0xac00, 0xd7a3), (0xf900, 0xfaff), (0xfb00, 0xfdff), (0xfe00, 0xffef), (0x1d15e, 0x1d1ff), (0x1d400, 0x1d4ff), (0x2f800, 0x2fa1f), (0, 0x10ffff),
    ];

    [Test]
    public async Task Are_spelled_as_pymongo_spells_them()
    {
        SampleTool.Require(Pymongo, "python3-pymongo");
        var random = new Random(7);
        var passwords = Enumerable.Range(0, Live.IsSoak ? 300_000 : 20_000).Select(_ => Drawn(random)).ToArray();
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, passwords.Select(Hex));
        Assert.That(await SampleTool.Run(Python, "-c", SpellingScript, file), Is.EqualTo((0, "")));
        var (theirs, allowed) = (await File.ReadAllLinesAsync(file), 0);
        for (var i = 0; i < passwords.Length; i++)
        {
            Assert.That(Spelled(passwords[i]), Is.EqualTo(theirs[i]), Hex(passwords[i]));
            allowed += theirs[i] == "-" ? 0 : 1;
        }

        File.Delete(file);
        Assert.That(allowed, Is.InRange(passwords.Length / 10, passwords.Length * 9 / 10));
    }

    [TestCase("p\u00E4ssw\u00F6rd", "pa\u0308sswo\u0308rd")]
    [TestCase("\u2168\u00ADa", "IXa")]
    [TestCase("\uD55C\u00A0\uAE00", "\u1112\u1161\u11AB\u0020\u1100\u1173\u11AF")]
    public async Task Let_in_whoever_says_another_spelling(string stored, string said)
    {
        SampleTool.Require(Pymongo, "python3-pymongo");
        using var live = new Live();
        var port = live.Starts(new MongoService(options: new() { Users = [new("user", stored)] })).Port;
        var uri = $"mongodb://user:{Uri.EscapeDataString(said)}@127.0.0.1:{port}/?authMechanism=SCRAM-SHA-256";
        using var ours = new MongoClient(uri, hub: live.Hub);
        Assert.That(await ours["db"]["test"].Count().AsTask(), Is.Zero);
        Assert.That(await SampleTool.Run(Python, "-c", "import sys, pymongo; pymongo.MongoClient(sys.argv[1], serverSelectionTimeoutMS=10000).db.test.count_documents({})", uri), Is.EqualTo((0, "")));
    }

    private static string Drawn(Random random)
    {
        var block = Blocks[random.Next(Blocks.Length)];
        return string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
        {
            // Most of one password are of one kind: else nearly all would be refused.
            var (first, last) = random.Next(4) == 0 ? Blocks[random.Next(Blocks.Length)] : block;
            return Point(random.Next(first, last + 1));
        }));
    }

    private static string Point(int point) => point is >= 0xd800 and <= 0xdfff ? "a" : char.ConvertFromUtf32(point);

    private static string Spelled(string password)
    {
        try
        {
            return Hex(SaslPrep.Of(password));
        }
        catch (ArgumentException)
        {
            return "-";
        }
    }

    private static string Hex(string text) => string.Join(' ', text.EnumerateRunes().Select(static rune => rune.Value.ToString("x", CultureInfo.InvariantCulture)));

    // Of what becomes nothing at all pymongo's throws something else.
    private const string SpellingScript = """
        import sys
        from pymongo.saslprep import saslprep
        def spelled(line):
            try:
                return ' '.join('%x' % ord(c) for c in saslprep(''.join(chr(int(p, 16)) for p in line.split())))
            except ValueError:
                return '-'
            except IndexError:
                return ''
        with open(sys.argv[1]) as file:
            all = [spelled(line) for line in file]
        with open(sys.argv[1], 'w') as file:
            file.write(''.join(each + '\n' for each in all))
        """;
}
