using Diesel.Reactive.Testing;
namespace Diesel.Reactive.Tests;
public class ScratchTests
{
    private sealed record Key(string Name, int Code, bool Shift);

    [Test]
    public void Look()
    {
        void W(string? s) => TestContext.Out.WriteLine((s ?? "NULL") + "\n=========");
        W(Compared.Report("-------b 503ms ---[c|]", Compared.Told<string>("-------b 503ms -c-|", null, ("b", "he"), ("c", "hel")), [("a", "h"), ("b", "he"), ("c", "hel")], null, ("keys", "--a-b--- 503ms c--|")));
        W(Compared.Report("-a-b-c|", "-a-x-c|"));
        W(Compared.Report("-a-b-c|", "-a---c|"));
        W(Compared.Report("-a-b-c|", "-a-b-cx|"));
        W(Compared.Report("-a-b-c|", "-a-b-c"));
        W(Compared.Report("-a-b-c|", Compared.Told<string>("-a-b-#", new TimeoutException("late")), []));
        W(Compared.Report("-a-b-#", Compared.Told<string>("-a-b-#", new TimeoutException("late")), [], new InvalidOperationException("no")));
        W(Compared.Report("-[abc]-|", "-[bca]-|"));
        W(Compared.Report("--abc|", "---abc|"));
        W(Compared.Report("-{abc}-|", "-[cbx]-|"));
        W(Compared.Report("-{abc}-|", "-[cba]|"));
        W(Compared.Report("-'hello, good morning to all of you out there, friends'-|", "-'hello, good Morning to all of you out there, friends'-|"));
        W(Compared.Report("-a-b|", Compared.Told<Key>("-a-c|", null, ("a", new("x", 1, false)), ("c", new("z, y", 2, true))), [("a", new("x", 1, false)), ("b", new("z, x", 2, false))]));
        W(Compared.Report("-'GET / HTTP/1.1\\r\\nHost: example.org\\r\\n\\r\\n'-<00*4096>|", Compared.Told<byte[]>("-'GET / HTTP/1.1\\r\\nHost: Example.org\\r\\n\\r\\n'-<00*4095>|", null), []));
        W(Compared.Report("-'PING\\r\\n'-|", Compared.Told<ReadOnlyMemory<byte>>("-'PONG\\r\\n'-|", null), []));
        W(Compared.Report("a 1.2ms b 0.8ms c", "a 1.4ms b 0.6ms c"));
        W(Compared.Report("-", "-abc|"));
        W(Compared.Report("-abc|", "-"));
        W(Compared.Report("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz|",
         "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklxnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz|"));
        W(Compared.Report("-1-2-3|", Compared.Told<int>("-1-x-y-3|", null, ("1", 1), ("3", 3), ("x", 17), ("y", -5)), []));

        W(Compared.Report("-a-b-|", Compared.Told<string?>("-x-'b'-|", null, ("x", null)), []));
        W(Compared.Report("-a-b-|", Compared.Told<Bad>("-a-c-|", null, ("a", new Bad("ok")), ("c", new Bad(null))), [("a", new Bad("ok")), ("b", new Bad("throw"))]));
        W(Compared.Report("-a-b-|", Compared.Told<Bad>("-a-c-|", null, ("a", new Bad("ok")), ("c", new Bad(new string('x', 1000000)))), [("a", new Bad("ok")), ("b", new Bad(new string('x', 999999) + "y"))]));
        W(Compared.Report("-a-b-|", Compared.Told<List<int>>("-a-b-|", null, ("a", [1]), ("b", [2])), [("a", [1]), ("b", [2])]));
        Exception thrown; try { throw new InvalidOperationException("boom"); } catch (Exception e) { thrown = e; }
        W(Compared.Report("-a-b-|", Compared.Told<string>("-a-#", thrown), []));
        W(Compared.Report("--^--a--|", "a--^--b"));
        W(Compared.Report("'q'-'wer'|", "'q'-'漢字'--|", ("src", "'qw'-😀---|")));
        var n = 1_000_000;
        W(Timed(() => Compared.Report(Big(n, i => $"{i}"), Big2(n, i => i == 500_000 ? "x" : $"{i}"))));
        W(Timed(() => Compared.Report(Big(n, i => $"{i}"), Big2(n, i => $"v{i}"))));
        W(Timed(() => Compared.Report(Big(n, i => $"{i}"), Big2(n, i => $"{i}", 1))));
        W(Timed(() => Compared.Report(Big(n, i => $"{i}"), Big2(n, i => $"{i}", 1, 0))));
        W(Timed(() => Compared.Report([], Big2(n, i => $"{i}", 1, 0))));
        W(Timed(() => Compared.Report(Big(n, i => $"{i}"), Big2(1000, i => $"{i}", 1, 0))));
    }
    private static string Timed(Func<string?> f) { var t = System.Diagnostics.Stopwatch.StartNew(); var s = f(); return $"{t.ElapsedMilliseconds} ms, {s?.Length}\n{s}"; }
    private static List<ExpectedNotification<string>> Big(int n, Func<int, string> v) => [.. Enumerable.Range(0, n).Select(i => { var s = v(i); return new ExpectedNotification<string>(TimeSpan.FromMilliseconds(i), MarbleKind.Value, MarbleSpelling.Quoted(s), o => o.HasValue && o.Value == s, 0); })];
    private static Recording<string> Big2(int n, Func<int, string> v, int shift = 0, int step = 1) => new([.. Enumerable.Range(0, n).Select(i => new RecordedNotification<string>(TimeSpan.FromMilliseconds(i * step + shift), System.Reactive.Notification.CreateOnNext(v(i))))]);
    private sealed class Bad(string? text) { public override string? ToString() => text == "throw" ? throw new NotSupportedException() : text; public override bool Equals(object? o) => o is Bad b && b.ToString0 == ToString0; public string? ToString0 => text; public override int GetHashCode() => text?.Length ?? 0; }
}
