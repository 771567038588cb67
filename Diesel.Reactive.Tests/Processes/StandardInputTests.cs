namespace Diesel.Reactive.Tests;

public class StandardInputTests
{
    [Test]
    public void It_comes_line_by_line()
    {
        using var world = new World();
        var lines = world.Watch(StandardInput.Lines(new StringReader("a\nb\n"), world.Hub));
        Assert.That(lines.ToString(), Is.EqualTo("a b |"));
    }

    [Test]
    public void A_line_is_read_when_the_one_before_was_taken()
    {
        using var world = new World();
        var input = new CountingReader("a\nb\nc\n");
        var lines = world.Watch(StandardInput.Lines(input, world.Hub).Take(2));
        Assert.That((lines.ToString(), input.Lines), Is.EqualTo(("a b |", 2)));
    }

    [Test]
    public void It_is_a_connection_together_with_standard_output()
    {
        using var live = new Live();
        using var child = live.Await(ChildProcess.Start(Environment.ProcessPath!, ["exec", typeof(Child).Assembly.Location, "filter"], hub: live.Hub));
        var (first, second, exit) = live.Run(async () =>
        {
            child.Connection.OnNext("3\nabc2\nde".ToBytes());
            var first = await child.Connection.Read(Framing.Bytes(3));
            var second = await child.Connection.Read(Framing.Bytes(2));
            child.Connection.OnNext("\n".ToBytes());
            return (first.ToText(), second.ToText(), await child.Exited);
        });
        Assert.That((first, second, exit.Code), Is.EqualTo(("ABC", "DE", 0)));
    }

    private sealed class CountingReader(string text) : StringReader(text)
    {
        public int Lines { get; private set; }

        public override string? ReadLine()
        {
            Lines++;
            return base.ReadLine();
        }
    }
}
