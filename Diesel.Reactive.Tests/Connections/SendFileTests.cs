using Diesel.Reactive.Testing;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Tests;

/// <summary><see cref="ConnectionFiles"/> on the virtual network, where files are read.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SendFileTests : IDisposable
{
    private const int KiB = 1024;

    private readonly TestFile _file = new("0123456789");

    public void Dispose() => _file.Dispose();

    [TestCase(0, null, "0123456789")]
    [TestCase(3, null, "3456789")]
    [TestCase(3, 4L, "3456")]
    [TestCase(10, null, "")]
    [TestCase(0, 0L, "")]
    public void The_part_that_is_named_is_sent(long offset, long? count, string expected)
    {
        var wire = new Wire();
        var sent = wire.Watch(c => c.SendFile(_file.Path, offset, count));
        Assert.That((wire.Peer.Received, sent.ToString()), Is.EqualTo((expected, "() |")));
    }

    [Test]
    public void It_keeps_its_place_among_what_is_sent()
    {
        var wire = new Wire().Do(c =>
        {
            c.OnNext("<".ToBytes());
            c.SendFile(_file.Path);
            "|"u8.CopyTo(c.Output.GetSpan(1));
            c.Output.Advance(1);
            c.SendFile(_file.Path, 5);
            c.OnNext(">".ToBytes());
            c.Send("!".ToBytes(), 1);
            c.OnCompleted();
        });
        Assert.That(wire.Peer.Story, Is.EqualTo("!<0123456789|56789>|"));
    }

    [Test]
    public void A_file_of_many_blocks_comes_whole_through_any_window()
    {
        using var file = new TestFile(Content(300 * KiB));
        foreach (var (window, inBackground) in ((int, int)[])[(1000, 0), (100_000, 0), (70_000, 16 * KiB), (1_000_000, 0)])
        {
            var world = new World();
            world.Network.Conditions = new() { Window = window, SentInBackground = inBackground };
            var wire = world.Wire();
            var sent = wire.Watch(c => c.SendFile(file.Path));
            wire.Passes(10);
            Assert.That((wire.Peer.Received == file.Content, sent.ToString()), Is.EqualTo((true, "() |")), $"{window}");
        }
    }

    [Test]
    public void What_is_more_urgent_does_not_come_between()
    {
        using var file = new TestFile(Content(300 * KiB));
        var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        var wire = world.Wire();
        wire.Do(c => c.SendFile(file.Path)).Do(static c => c.Send("!".ToBytes(), 1));
        wire.Passes(10);
        Assert.That(wire.Peer.Received == file.Content + "!", Is.True);
    }

    [Test]
    public void It_is_read_at_the_peers_pace_and_counts_for_the_marks_but_not_for_the_bound()
    {
        using var file = new TestFile(Content(300 * KiB));
        var wire = new Wire(new() { MaxPendingBytes = 100 * KiB });
        wire.World.Network.Conditions = new() { Window = 1000 };
        wire.Peer.StopsReading();
        wire.Do(c => c.SendFile(file.Path)).Passes(1);
        var (room, writable) = (wire.Watch(static c => c.Room()), wire.Watch(static c => c.Writable));
        Assert.That((room.ToString(), writable.ToString(), wire.Connection.PendingBytes), Is.EqualTo(("", "False", (300 * KiB) - 1000)));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That((room.ToString(), writable.ToString(), wire.Connection.PendingBytes), Is.EqualTo(("() |", "False True", 0)));
    }

    [Test]
    public void Sent_in_answer_it_holds_the_input()
    {
        using var file = new TestFile(Content(70 * KiB));
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = KiB, Cut = Cut.Of(static there => Math.Min(there, 3)) };
        var lines = wire.Watch(c => c.UntilEol().Do(_ => c.SendFile(file.Path)));
        wire.Peer.StopsReading().Sends("A\r\nB\r\nC\r\n");
        wire.Passes(1);
        Assert.That(lines.ToString(), Is.EqualTo("A"));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That((lines.ToString(), wire.Peer.Received.Length), Is.EqualTo(("A B C", 3 * 70 * KiB)));
    }

    [Test]
    public void A_handle_stays_its_owners()
    {
        using var handle = File.OpenHandle(_file.Path);
        var wire = new Wire();
        Assert.That(wire.Watch(c => c.SendFile(handle, 5)).ToString(), Is.EqualTo("() |"));
        Assert.That((wire.Peer.Received, handle.IsClosed), Is.EqualTo(("56789", false)));
    }

    [TestCase("sent")]
    [TestCase("refused")]
    [TestCase("aborted")]
    [TestCase("hub ended")]
    public void A_file_that_was_named_is_closed_whatever_becomes_of_it(string what)
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1 };
        switch (what)
        {
            case "sent":
                wire.Do(c => c.SendFile(_file.Path));
                break;
            case "refused":
                wire.Do(static c => c.OnCompleted()).Do(c => c.SendFile(_file.Path).Subscribe(static _ => { }, static _ => { }));
                break;
            case "aborted":
                wire.Peer.StopsReading();
                wire.Do(c => c.SendFile(_file.Path)).Do(static c => c.Abort());
                break;
            default:
                wire.Hub.Dispose();
                wire.World.Settle();
                wire.Connection.SendFile(_file.Path).Subscribe(static _ => { }, static _ => { });
                break;
        }

        wire.Passes(1);
        Assume.That(OperatingSystem.IsLinux());
        Assert.That(_file.IsOpen, Is.False);
    }

    [Test]
    public void A_file_that_becomes_shorter_resets_the_connection_and_says_why()
    {
        using var file = new TestFile(Content(300 * KiB));
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1000 };
        wire.Peer.StopsReading();
        var sent = wire.Watch(c => c.SendFile(file.Path));
        file.Shorten(100 * KiB);
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That(sent.Error, Is.InstanceOf<ConnectionException>().With.Message.Contains("has become shorter").And.InnerException.InstanceOf<EndOfStreamException>());
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, nameof(ConnectionException))));
    }

    [Test]
    public void A_handle_may_be_disposed_at_once()
    {
        using var file = new TestFile(Content(300 * KiB));
        var handle = File.OpenHandle(file.Path);
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1000 };
        wire.Do(c => c.SendFile(handle));
        handle.Dispose();
        wire.Passes(10);
        Assert.That(wire.Peer.Received == file.Content, Is.True);
        Assume.That(OperatingSystem.IsLinux());
        Assert.That(file.IsOpen, Is.False);
    }

    [Test]
    public void What_is_no_part_of_a_file_is_refused_by_the_call()
    {
        var connection = new Wire().Connection;
        Assert.That(() => connection.SendFile(_file.Path, 11), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("offset"));
        Assert.That(() => connection.SendFile(_file.Path, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.SendFile(_file.Path, 5, 6), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("count"));
        Assert.That(() => connection.SendFile(_file.Path, 5, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.SendFile(_file.Path, 5, long.MaxValue), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.SendFile(_file.Path + ".not"), Throws.InstanceOf<FileNotFoundException>());
        Assert.That(() => connection.SendFile(""), Throws.ArgumentException);
        Assert.That(() => connection.SendFile((string)null!), Throws.ArgumentNullException);
        Assert.That(() => connection.SendFile((SafeFileHandle)null!), Throws.ArgumentNullException);
        Assert.That(() => ConnectionFiles.SendFile(null!, _file.Path), Throws.ArgumentNullException);
        var closed = File.OpenHandle(_file.Path);
        closed.Dispose();
        Assert.That(() => connection.SendFile(closed), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_directory_is_refused() => Assert.That(
        () => new Wire().Connection.SendFile(Path.GetTempPath()), Throws.ArgumentException.With.Message.Contains("is a directory. Name a file."));

    [Test]
    public void A_pipe_is_refused_and_not_waited_for()
    {
        Assume.That(OperatingSystem.IsLinux());
        var path = _file.Path + ".pipe";
        Assert.That(MakePipe(path), Is.Zero);
        try
        {
            Assert.That(() => new Wire().Connection.SendFile(path), Throws.ArgumentException.With.Message.Contains("it has no length"));
            using var opened = ConnectionFiles.OpenFile(path);
            Assert.That(() => new Wire().Connection.SendFile(opened), Throws.ArgumentException.With.Message.Contains("it has no length"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Content(int length) => string.Create(length, 0, static (text, _) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)('a' + ((i * 7 % 251) % 26));
        }
    });

    private static int MakePipe(string path)
    {
        using var process = System.Diagnostics.Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
