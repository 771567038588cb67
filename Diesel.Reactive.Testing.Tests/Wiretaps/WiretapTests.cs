using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WiretapTests : IDisposable
{
    private readonly TwoHosts _hosts = new(network: new VirtualNetwork(seed: 5));
    private readonly StringWriter _printed = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.marble");

    public void Dispose()
    {
        _hosts.Dispose();
        _printed.Dispose();
        File.Delete(_file);
    }

    [Test]
    public void A_conversation_becomes_two_rows()
    {
        var wiretap = new Wiretap();
        Conversation(wiretap);
        Assert.That(wiretap.Tapes.Single().ToString().ReplaceLineEndings("\n"), Is.EqualTo(
            """
            rx  'hel'--['lo\r\nyou\r\n'|]
            tx  -    --['HELLO\r\nYOU\r\n'|]
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_client_is_tapped_as_well()
    {
        var wiretap = new Wiretap();
        Conversation(new Wiretap(), new() { Layer = wiretap.Tap });
        var tape = wiretap.Tapes.Single();
        Assert.That((tape.Rx, tape.Tx), Is.EqualTo((@"---['HELLO\r\nYOU\r\n'|]", @"'hel'--['lo\r\nyou\r\n'|]")));
    }

    [Test]
    public void It_prints_a_line_for_each_chunk_and_end()
    {
        Conversation(new Wiretap(_printed, limit: 0));
        Assert.That(_printed.ToString().ReplaceLineEndings("\n"), Is.EqualTo(
            """
            0ms 10.0.0.2:40000→10.0.0.3:7 'hel'
            3ms 10.0.0.2:40000→10.0.0.3:7 'lo\r\nyou\r\n'
            3ms 10.0.0.3:7→10.0.0.2:40000 'HELLO\r\nYOU\r\n'
            3ms 10.0.0.2:40000→10.0.0.3:7 |
            3ms 10.0.0.3:7→10.0.0.2:40000 |

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_writer_that_fails_harms_nothing()
    {
        _printed.Dispose();
        var wiretap = new Wiretap(_printed);
        Conversation(wiretap);
        Assert.That(wiretap.Tapes.Single().Tx, Does.Contain("|"));
    }

    [Test]
    public void A_limit_keeps_the_beginning_and_counts_the_rest()
    {
        var wiretap = new Wiretap(limit: 512 + 64 + 5);
        Conversation(wiretap);
        var tape = wiretap.Tapes.Single();
        Assert.That((tape.Rx, tape.Tx, tape.Dropped), Is.EqualTo(("'hel'--|", "---|", 21L)));
    }

    [Test]
    public void Connections_it_has_no_room_for_are_counted_and_work()
    {
        var wiretap = new Wiretap(limit: 100);
        Conversation(wiretap);
        Assert.That((wiretap.Tapes.Count, wiretap.DroppedConnections), Is.EqualTo((0, 1)));
    }

    [Test]
    public void A_reset_and_an_abort_are_on_the_tape()
    {
        var (server, client) = (new Wiretap(), new Wiretap());
        _hosts.Starts(new TcpService(7, c => c, new() { Layer = server.Tap }));
        var connection = _hosts.Watch(Tcp.Connect("server", 7, new() { Layer = client.Tap })).Last;
        connection.Abort();
        _hosts.Passes();
        Assert.That((client.Tapes[0].Tx.TrimEnd()[^1], server.Tapes[0].Rx.TrimEnd()[^1]), Is.EqualTo(('#', '#')));
    }

    [Test]
    public void What_was_refused_is_recorded_when_it_is_sent_after_all()
    {
        var wiretap = new Wiretap();
        _hosts.Link = new() { Window = 4, SentInBackground = 3, Latency = TimeSpan.FromMilliseconds(1) };
        Conversation(wiretap);
        Assert.That(string.Concat(Sent(wiretap.Tapes[0])), Is.EqualTo("HELLO\r\nYOU\r\n"));
    }

    [Test]
    public void What_was_refused_is_printed_when_nothing_is_kept()
    {
        _hosts.Link = new() { Window = 4, SentInBackground = 100 };
        Conversation(new Wiretap(_printed, limit: 0));
        Assert.That(_printed.ToString(), Does.Contain("10.0.0.3:7→10.0.0.2:40000 'HELL'").And.Contains("10.0.0.3:7→10.0.0.2:40000 'O\\r\\n'"));
    }

    [Test]
    public void Save_writes_a_file_in_the_one_format()
    {
        var wiretap = new Wiretap();
        Conversation(wiretap);
        wiretap.Save(_file);
        var text = File.ReadAllText(_file);
        Assert.That(text, Is.EqualTo(
            """
            = 10.0.0.3:7 to 10.0.0.2:40000
            rx : 'hel'--['lo\r\nyou\r\n'|]
            tx : -    --['HELLO\r\nYOU\r\n'|]

            """.ReplaceLineEndings("\n")));
        Assert.That(MarbleFile.Parse(text, "x.marble").Format(), Is.EqualTo(text));
    }

    [Test]
    public void Nothing_is_nothing_to_save() =>
        Assert.That(() => new Wiretap().Save(_file), Throws.InvalidOperationException.With.Message.Contains("no tape"));

    [Test]
    public void A_layer_that_throws_ends_its_connection_only()
    {
        var first = true;
        _hosts.Starts(new TcpService(7, c => c.UntilEol(), new()
        {
            Layer = (transport, _) => first ? throw new FormatException($"not {first = false}") : transport,
        }));
        Assert.That(Ask("a\r\n").ToString(), Is.EqualTo("#ConnectionException"));
        Assert.That(Ask("b\r\n").ToString(), Is.EqualTo("b\r\n |"));
        Assert.That(_hosts.Errors.Single(), Is.TypeOf<FormatException>());
    }

    [Test]
    public void What_is_sent_from_several_places_is_one_chunk_and_a_file_is_heard()
    {
        var (wiretap, one, two) = (new Wiretap(), new string('a', 3000), new string('b', 3000));
        using var file = new TestFile("file");
        _hosts.Starts(new TcpService(7, async c =>
        {
            c.OnNext(one.ToBytes());
            c.OnNext(two.ToBytes());
            await c.SendFile(file.Path);
        }, new() { Layer = wiretap.Tap }));
        _hosts.Watch(Tcp.Connect("server", 7)).Last.Dispose();
        _hosts.Passes(100);
        Assert.That(Sent(wiretap.Tapes[0]), Is.EqualTo(new[] { one + two, "file" }));
    }

    private static IEnumerable<string> Sent(Tape tape) =>
        MarbleDiagram.Parse(tape.Tx, MarbleRole.Bytes).Events.Where(e => e.Kind == MarbleKind.Value).Select(e => e.Spelling!.Bytes.ToText());

    private Story<string> Ask(string line) => _hosts.Watch(Tcp.Connect("server", 7).SelectMany(c =>
    {
        c.OnNext(line.ToBytes());
        c.OnCompleted();
        return c.UntilEol().Select(answer => answer.ToText());
    }));

    private void Conversation(Wiretap wiretap, TcpConnectOptions? options = null)
    {
        _hosts.Starts(new TcpService(7, c => c.UntilEol().Select(line => line.ToUpper()), new() { Layer = wiretap.Tap }));
        _hosts.Runs(async () =>
        {
            using var connection = await Tcp.Connect("server", 7, options);
            connection.OnNext("hel"u8.ToArray());
            await _hosts.Client.Sleep(TimeSpan.FromMilliseconds(3));
            connection.OnNext("lo\r\nyou\r\n"u8.ToArray());
            connection.OnCompleted();
            return await connection.Count();
        });
        _hosts.Passes(100);
    }
}
