using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>Programs that are started, talked to and ended.</summary>
[TestFixture(HubKind.Epoll)]
[TestFixture(HubKind.Portable)]
public sealed class ChildProcessTests : IDisposable
{
    private readonly EndingHub _hub;
    private readonly Live _live;

    public ChildProcessTests(HubKind kind)
    {
        _hub = new EndingHub(kind);
        _live = new Live(_hub.Hub);
    }

    public void Dispose()
    {
        _live.Dispose();
        _hub.Dispose();
    }

    [Test]
    public void Its_input_and_output_are_a_connection()
    {
        using var child = Start("cat");
        var line = _live.Run(async () =>
        {
            child.Connection.OnNext("hello\r\n".ToBytes());
            return await child.Connection.Read(Framing.Lines());
        });
        Assert.That(line, Is.EqualTo("hello"));
    }

    [Test]
    public void The_end_of_the_output_is_the_end_of_its_input()
    {
        using var child = Start("cat");
        var (text, exit) = _live.Run(async () =>
        {
            child.Connection.OnNext("all there is".ToBytes());
            child.Connection.OnCompleted();
            return (await All(child), await child.Exited);
        });
        Assert.That((text, exit), Is.EqualTo(("all there is", new ChildExit(0))));
    }

    [TestCase("exit 7", 7, null, "has ended with code 7")]
    [TestCase("kill -9 $$", 137, 9, "was ended by signal 9")]
    public void It_tells_how_it_has_ended(string script, int code, int? signal, string words)
    {
        using var child = Shell(script);
        var exit = _live.Await(child.Exited);
        Assert.That((exit, exit.IsSuccess, exit.ToString()), Is.EqualTo((new ChildExit(code, signal), false, words)));
    }

    [Test]
    public void Its_errors_come_as_lines()
    {
        using var child = Shell("echo one >&2; printf 'two\\r\\nhalf' >&2");
        var lines = _live.Await(child.Errors.ToList());
        Assert.That(lines, Is.EqualTo(new[] { "one", "two", "half" }));
    }

    [Test]
    public void Errors_that_nobody_reads_do_not_hold_it_up_and_the_last_are_kept()
    {
        using var child = Shell("i=0; while [ $i -lt 20000 ]; do echo this is an error and its number is $i; i=$((i+1)); done >&2");
        var last = _live.Run(async () =>
        {
            await child.Exited;
            await child.Errors.LastAsync();
            return child.LastErrors;
        });
        Assert.That((last.Count, last[^1]), Is.EqualTo((100, "this is an error and its number is 19999")));
    }

    [TestCase(ChildErrors.WithOutput, "out\nerr\n")]
    [TestCase(ChildErrors.Discard, "out\n")]
    public void Its_errors_go_where_they_are_wanted(ChildErrors errors, string output)
    {
        using var child = Shell("echo out; echo err >&2", new() { Errors = errors });
        Assert.That(_live.Run(() => All(child)), Is.EqualTo(output));
        Assert.That(_live.Await(child.Errors.ToList()), Is.Empty);
    }

    [Test]
    public void Arguments_folder_and_environment_are_as_they_are_given()
    {
        var options = new ChildOptions
        {
            WorkingDirectory = "/usr",
            Environment = new Dictionary<string, string?> { ["COLOUR"] = "light blue", ["HOME"] = null },
        };
        using var child = Start("sh", ["-c", "pwd; echo \"$1|$2|$COLOUR|${HOME-none}\"", "sh", "two words", "a\"b'c$d"], options);
        Assert.That(_live.Run(() => All(child)), Is.EqualTo("/usr\ntwo words|a\"b'c$d|light blue|none\n"));
    }

    [Test]
    public void A_cleared_environment_has_nothing_but_what_is_given()
    {
        using var child = Start("env", options: new() { ClearEnvironment = true, Environment = new Dictionary<string, string?> { ["A"] = "1" } });
        Assert.That(_live.Run(() => All(child)), Is.EqualTo("A=1\n"));
    }

    [TestCase("no-such-program", typeof(FileNotFoundException), "There is no program 'no-such-program' in the folders of PATH.")]
    [TestCase("/no/such/program", typeof(FileNotFoundException), "'/no/such/program' cannot be started")]
    [TestCase("/etc/passwd", typeof(UnauthorizedAccessException), "'/etc/passwd' cannot be started")]
    public void What_cannot_be_started_is_an_error_that_says_why(string program, Type kind, string message) =>
        Assert.That(() => Start(program), Throws.InstanceOf(kind).With.Message.StartsWith(message));

    [Test]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.That(() => Start("cat", options: new() { WorkingDirectory = "/no/such/folder" }), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("in '/no/such/folder'"));

    [Test]
    public void An_argument_with_a_zero_in_it_is_refused() =>
        Assert.That(() => Start("cat", ["a\0b"]), Throws.ArgumentException.With.Message.StartsWith("'a\\0b' has a zero character in it"));

    [Test]
    public void A_program_is_told_when_nobody_reads_its_pipe_any_more()
    {
        using var child = Shell("yes | head -n 1");
        Assert.That(_live.Run(() => All(child)), Is.EqualTo("y\n"));
        Assert.That(_live.Await(child.Errors.ToList()), Is.Empty);
    }

    [Test]
    public void One_that_closes_its_output_lives_on()
    {
        using var child = Shell("echo last; exec 1>&-; cat > /dev/null; exit 3");
        var (text, lives) = _live.Run(async () => (await All(child), !child.HasExited));
        Assert.That((text, lives), Is.EqualTo(("last\n", true)));
        child.Connection.OnCompleted();
        Assert.That(_live.Await(child.Exited).Code, Is.EqualTo(3));
    }

    [Test]
    public void What_it_does_not_read_is_lost_and_what_it_says_is_not()
    {
        using var child = Shell("exec 0<&-; echo said; sleep 0.05; echo more");
        var text = _live.Run(async () =>
        {
            await child.Connection.Read(Framing.Until("\n"));
            for (var i = 0; i < 100; i++)
            {
                await child.Connection.Send(new byte[100_000]);
            }

            return await All(child);
        });
        Assert.That(text, Is.EqualTo("more\n"));
    }

    [TestCase(PosixSignal.SIGHUP, 1)]
    [TestCase(PosixSignal.SIGINT, 2)]
    [TestCase(PosixSignal.SIGQUIT, 3)]
    [TestCase(PosixSignal.SIGTERM, 15)]
    [TestCase((PosixSignal)10, 10)]
    public void A_signal_reaches_it(PosixSignal signal, int number)
    {
        using var child = Start("sleep", ["1000"]);
        Assert.That(child.Signal(signal));
        Assert.That(_live.Await(child.Exited).Signal, Is.EqualTo(number));
        Assert.That(child.Signal(signal), Is.False);
    }

    [Test]
    public void Stop_asks_it_to_end()
    {
        using var child = Shell("trap 'echo bye; exit 4' TERM; echo ready; while true; do sleep 0.01; done");
        var (text, exit) = _live.Run(async () =>
        {
            await child.Connection.Read(Framing.Until("\n"));
            var exit = await child.Stop();
            return (await All(child), exit);
        });
        Assert.That((text, exit.Code), Is.EqualTo(("bye\n", 4)));
    }

    [Test]
    public void One_that_does_not_end_when_it_is_asked_is_killed()
    {
        using var child = Shell("trap '' TERM; echo ready; while true; do sleep 0.01; done");
        var exit = _live.Run(async () =>
        {
            await child.Connection.Read(Framing.Until("\n"));
            return await child.Stop(TimeSpan.FromMilliseconds(50));
        });
        Assert.That(exit.Signal, Is.EqualTo(9));
    }

    private ChildProcess Start(string program, IEnumerable<string>? arguments = null, ChildOptions? options = null) =>
        _live.Await(ChildProcess.Start(program, arguments, options, _live.Hub));

    private ChildProcess Shell(string script, ChildOptions? options = null) => Start("sh", ["-c", script], options);

    private static async Task<string> All(ChildProcess child) =>
        string.Concat(await child.Connection.Select(static chunk => chunk.ToText()).ToList().ToAwaitable());
}
