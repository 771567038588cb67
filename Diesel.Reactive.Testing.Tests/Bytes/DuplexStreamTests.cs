using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DuplexStreamTests
{
    private static readonly TimeSpan Ms = TimeSpan.FromMilliseconds(1);

    [Test]
    public Task A_read_never_merges_chunks_and_never_exceeds_the_buffer() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "-['abc''de']-f-|").Stream;
        var read = new List<string>();
        for (var (buffer, count) = (new byte[2], -1); count != 0;)
        {
            count = await stream.ReadAsync(buffer);
            read.Add($"{Encoding.ASCII.GetString(buffer, 0, count)}@{t.Scheduler.Elapsed.TotalMilliseconds}");
        }

        Assert.That(read, Is.EqualTo(new[] { "ab@1", "c@1", "de@1", "f@3", "@5" }));
    });

    [Test]
    public Task An_answer_is_written_at_the_frame_of_its_question([Values] bool configured) => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "--'PI'-'NG'--|", tx: "--'PI'-'NG'--!").Stream;
        await Echo(stream, configured);
    });

    [Test]
    public Task A_reader_of_lines_works_on_it() => MarbleTest.RunAsync(async t =>
    {
        using var reader = new StreamReader(t.Duplex(rx: @"--'PI'-'NG\r\nPO'-'NG\n'|", tx: " 6ms !").Stream);
        Assert.That((await reader.ReadLineAsync(), t.Scheduler.Elapsed), Is.EqualTo(("PING", 4 * Ms)));
        Assert.That((await reader.ReadLineAsync(), t.Scheduler.Elapsed), Is.EqualTo(("PONG", 6 * Ms)));
    });

    [Test]
    public Task An_empty_read_waits_until_there_is_something() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "--a|").Stream;
        Assert.That((await stream.ReadAsync(Memory<byte>.Empty), t.Scheduler.Elapsed), Is.EqualTo((0, 2 * Ms)));
        Assert.That(stream.ReadByte(), Is.EqualTo((int)'a'));
    });

    [Test]
    public Task A_reset_is_an_IOException_over_a_SocketException_behind_what_came_before() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "-[a#]").Stream;
        Assert.That(await stream.ReadAsync(new byte[9]), Is.EqualTo(1));
        Assert.That(async () => await stream.ReadAsync(new byte[9]), Throws.InstanceOf<IOException>()
            .With.InnerException.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionReset));
        Assert.That(async () => await stream.WriteAsync("x".ToBytes()), Throws.InstanceOf<IOException>());
    });

    [Test]
    public Task A_reset_ends_a_read_that_waits() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "---#").Stream;
        var error = await Caught(stream.ReadAsync(new byte[1]).AsTask());
        Assert.That((error is IOException, t.Scheduler.Elapsed), Is.EqualTo((true, 3 * Ms)));
    });

    [Test]
    public Task A_write_waits_for_the_window() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex("", tx: "----ab", window: "!---^").Stream;
        await stream.WriteAsync("a".ToBytes());
        Assert.That(t.Scheduler.Elapsed, Is.EqualTo(4 * Ms));
        await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider);
        stream.Write("b"u8);
    });

    [Test]
    public Task A_cancelled_read_takes_nothing() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "-----a").Stream;
        using var cancel = new CancellationTokenSource(2 * Ms, t.TimeProvider);
        Assert.That(await Caught(stream.ReadAsync(new byte[1], cancel.Token).AsTask()), Is.InstanceOf<OperationCanceledException>());
        Assert.That(t.Scheduler.Elapsed, Is.EqualTo(2 * Ms));
        Assert.That(await stream.ReadAsync(new byte[1]), Is.EqualTo(1));
    });

    [Test]
    public Task Disposal_ends_a_read_that_waits_and_refuses_the_next() => MarbleTest.RunAsync(async t =>
    {
        var stream = t.Duplex(rx: "-----a", tx: "--!").Stream;
        t.On("--d", _ => stream.Dispose());
        Assert.That(await Caught(stream.ReadAsync(new byte[1]).AsTask()), Is.InstanceOf<IOException>());
        Assert.That(async () => await stream.ReadAsync(new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That((stream.CanRead, t.Scheduler.Elapsed), Is.EqualTo((false, 2 * Ms)));
    });

    [Test]
    public void What_would_block_is_refused() => MarbleTest.Run(t =>
    {
        var stream = t.Duplex("-a", window: "!").Stream;
        Assert.That(() => stream.Read(new byte[1]), Throws.InvalidOperationException.With.Message.EqualTo(
            "Nothing has arrived at 0 ms, and a Read that waits would hold the only thread of virtual time: await ReadAsync."));
        t.Flush();
        Assert.That(() => stream.Write("a"u8), Throws.InvalidOperationException.With.Message.StartsWith("The peer's window is closed at 1 ms"));
        Assert.That(stream.Read(new byte[1]), Is.EqualTo(1));
    });

    [Test]
    public void Two_reads_at_once_are_refused() => MarbleTest.Run(t =>
    {
        var stream = t.Duplex("-a").Stream;
        var first = stream.ReadAsync(new byte[1]);
        Assert.That(() => stream.ReadAsync(new byte[1]), Throws.InvalidOperationException.With.Message.Contains("under way"));
        t.Flush();
        Assert.That(first.Result, Is.EqualTo(1));
    });

    [Test]
    public void A_callback_is_called_in_virtual_time() => MarbleTest.Run(t =>
    {
        var stream = t.Duplex("--a").Stream;
        var read = "";
        stream.BeginRead(new byte[4], 0, 4, result => read = $"{stream.EndRead(result)}@{t.Scheduler.Elapsed.TotalMilliseconds}", null);
        t.Flush();
        Assert.That(read, Is.EqualTo("1@2"));
    });

    [Test]
    public Task A_pipe_reads_and_writes_in_virtual_time() => MarbleTest.RunAsync(async t =>
    {
        var pipe = t.Duplex(rx: "--'PI'-'NG'--|", tx: "--'PI'-'NG'--|").Pipe;
        await pipe.Input.CopyToAsync(pipe.Output);
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    });

    [Test]
    public Task A_pipe_sees_chunks_as_they_came() => MarbleTest.RunAsync(async t =>
    {
        var input = t.Duplex(rx: "-['ab''cd']|").Pipe.Input;
        var read = await input.ReadAsync();
        Assert.That((read.Buffer.Length, t.Scheduler.Elapsed), Is.EqualTo((2, Ms)));
    });

    private static async Task Echo(Stream stream, bool configured)
    {
        var buffer = new byte[16];
        using (stream)
        {
            while (await stream.ReadAsync(buffer).ConfigureAwait(configured) is > 0 and var count)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(configured);
            }
        }
    }

    private static async Task<Exception?> Caught(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
