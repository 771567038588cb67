using System.Reactive;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ExpectationTests
{
    [Test]
    public void Names_stand_for_values() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b|", ("a", 1), ("b", 20)).Select(x => x + 1)).ToBe("-x-y|", ("x", 2), ("y", 21)));

    [Test]
    public void Lists_and_arrays_are_compared_by_content()
    {
        void Run(string[] expected) => MarbleTest.Run(t => t.ExpectObservable(t.Hot("-a-b|").Buffer(2)).ToBe("---x|", ("x", expected)));
        Run(["a", "b"]);
        Assert.That(() => Run(["a", "c"]), Throws.TypeOf<MarblesDifferException>());
        Assert.That(() => Run(["a"]), Throws.TypeOf<MarblesDifferException>());
    }

    [Test]
    public void A_value_may_be_any() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-1-2-3|", ("1", 1), ("2", 2), ("3", 3))).ToBe("-a-b-c|", ("a", 1), ("b", Marble.Any), ("c", Marble.Match<int>(x => x > 2))));

    [Test]
    public void A_value_must_match() => Assert.That(() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-1", ("1", 1))).ToBe("-a", ("a", Marble.Match<int>(x => x > 2)))), Throws.TypeOf<MarblesDifferException>());

    [Test]
    public void Texts_may_stand_beside_matchers() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b")).ToBe("-x-'b'", ("x", Marble.Any)));

    [Test]
    public void A_comparer_decides() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b|")).WithComparer(StringComparer.OrdinalIgnoreCase).ToBe("-A-B|"));

    [Test]
    public void An_error_is_compared_by_type_and_message()
    {
        void Run(Exception expected) => MarbleTest.Run(t => t.ExpectObservable(t.Hot("-#", new FormatException("x"))).ToBe("-#", expected));
        Run(new FormatException("x"));
        Assert.That(() => Run(new FormatException("y")), Throws.TypeOf<MarblesDifferException>());
        Assert.That(() => Run(new InvalidOperationException("x")), Throws.TypeOf<MarblesDifferException>());
    }

    [Test]
    public void An_error_is_judged_by_the_test()
    {
        void Run(Predicate<Exception> expected) => MarbleTest.Run(t => t.ExpectObservable(t.Hot("-#")).WithError(expected).ToBe("-#"));
        Run(e => e is MarbleException);
        Assert.That(() => Run(e => e is FormatException), Throws.TypeOf<MarblesDifferException>());
    }

    [Test]
    public void One_observable_is_like_another()
    {
        void Run(string other) => MarbleTest.Run(t => t.ExpectObservable(t.Cold("-a-b|").Skip(1), "-^").ToBe(t.Cold(other)));
        Run("---b|");
        Assert.That(() => Run("--b-|"), Throws.TypeOf<MarblesDifferException>());
    }

    [Test]
    public void An_error_in_a_diagram_is_thrown_where_it_stands() => MarbleTest.Run(t =>
    {
        var expectation = t.ExpectObservable(t.Hot("-a"));
        Assert.That(() => expectation.ToBe("-(a"), Throws.TypeOf<MarbleSyntaxException>());
        expectation.ToBe("-a");
    });

    [TestCase("-'ab'-'c'|", "-[ab]-c|", null)]
    [TestCase("-[a'bc']-d|", "-'abc'-'d'|", null)]
    [TestCase("-'ab'|", "-a-b|", "time")]
    [TestCase("-'ab'|", "-'ac'|", "content")]
    [TestCase("-'ab'", "-'ab'|", "end")]
    [TestCase("-'ab'#", "-'ab'#", null)]
    [TestCase("-<>-a|", "---a|", null)]
    public void Bytes_are_compared_without_their_cuts(string actual, string expected, string? difference)
    {
        void Run() => MarbleTest.Run(t => t.ExpectBytes(t.ColdBytes(actual)).ToBe(expected));
        Assert.That(Run, difference is null ? Throws.Nothing : Throws.TypeOf<MarblesDifferException>(), difference);
    }

    [Test]
    public void Subscriptions_are_logged()  => MarbleTest.Run(t =>
    {
        var cold = t.Cold("---a--|");
        t.ExpectObservable(cold).ToBe("---a--|");
        t.ExpectObservable(cold, "--^--!").ToBe("");
        t.ExpectObservable(cold, "-^---!").ToBe("----a");
        t.ExpectSubscriptions(cold).ToBe("^-----!", "-^---!", "--^--!");
    });

    [Test]
    public void Subscriptions_that_differ_are_drawn_under_their_source()
    {
        var error = Assert.Throws<MarblesDifferException>(() => MarbleTest.Run(t =>
        {
            var keys = t.Hot("--a--|");
            keys.Subscribe();
            t.ExpectSubscriptions(keys).ToBe("^--!", "-^");
        }));
        Assert.That(error!.Message, Does.Contain("keys").And.Contain("^--!").And.Contain("^----!"));
    }

    [Test]
    public void Nobody_subscribes() => MarbleTest.Run(t =>
    {
        t.ExpectSubscriptions(t.Cold("-b")).ToBe();
        t.ExpectSubscriptions(t.Cold("-b")).ToBe("");
    });

    [Test]
    public void Calls_are_made_at_instants() => MarbleTest.Run(t =>
    {
        var calls = new List<string>();
        t.On("-a-'text'", name => calls.Add($"{name}{t.Scheduler.Elapsed.Milliseconds}"));
        t.On("--b-b", ("b", () => calls.Add($"call{t.Scheduler.Elapsed.Milliseconds}")));
        t.Flush();
        Assert.That(calls, Is.EqualTo(new[] { "a1", "call2", "text3", "call4" }));
    }, new MarbleOptions { ExpectNothing = true });

    [Test]
    public void A_call_without_a_meaning_is_refused() => MarbleTest.Run(t =>
        Assert.That(() => t.On("--c", ("b", () => { })), Throws.TypeOf<MarbleSyntaxException>()), new MarbleOptions { ExpectNothing = true });

    [Test]
    public void Streams_in_streams_are_compared_at_any_depth()
    {
        void Run(string inmost) => MarbleTest.Run(t =>
        {
            var actual = t.Hot("-m|", ("m", t.Cold("--n|", ("n", t.Cold("---a|")))));
            t.ExpectObservable(actual).ToBe("-m|", ("m", t.Cold("--n|", ("n", t.Cold(inmost)))));
        });
        Run("---a|");
        Assert.That(() => Run("--a-|"), Throws.TypeOf<MarblesDifferException>().With.Message.Contains("---a|").And.Message.Contains("--a-|"));
    }

    [Test]
    public void A_stream_in_a_recording_is_a_recording() => MarbleTest.Run(t =>
    {
        var told = t.Record(t.Hot("-a-b-c|").Window(t.Hot("----x")));
        t.Flush();
        Assert.That(told.Select(each => (each.Notification.Kind == NotificationKind.OnNext ? each.Notification.Value : null) as InnerRecording<string>)
            .Select(each => each?.Recording.ToString()), Is.EqualTo(new[] { "-a-b|", "-c|", null }));
    });

    [Test]
    public void Groups_are_streams_too() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b-a|").GroupBy(x => x)).ToBe("-x-y--|", ("x", t.Cold("a---a|")), ("y", t.Cold("b--|"))));

    [Test]
    public void Streams_that_hide_as_objects_are_compared_too()
    {
        void Run(string expected) => MarbleTest.Run(t =>
            t.ExpectObservable(t.Hot<object>("-m|", ("m", t.Cold("-a").AsObservable()))).ToBe("-m|", ("m", t.Cold(expected))));
        Run("-a");
        Assert.That(() => Run("-b"), Throws.TypeOf<MarblesDifferException>());
    }

    [Test]
    public void A_connection_is_not_read_by_the_test() => MarbleTest.Run(t =>
    {
        var connection = t.Duplex("-a|").Connection;
        t.ExpectObservable<Connection>(Observable.Return(connection)).ToBe("(c|)", ("c", connection));
        t.ExpectObservable(Observable.Return(connection)).ToBe("(c|)", ("c", connection));
        t.ExpectObservable(connection.Select(chunk => chunk.ToText())).ToBe("-a|");
    });

    [Test]
    public void Any_object_may_be_any() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot<object>("-m-n", ("m", 1), ("n", 2))).ToBe("-x-y", ("x", Marble.Any), ("y", Marble.Match<object>(n => n is 2))));

    [Test]
    public void RxJS_diagrams_are_read_as_RxJS_reads_them() => MarbleTest.Run(t =>
    {
        t.ExpectObservable(t.Cold("-(ab)-c|")).ToBe("-(ab)-c|");
        t.ExpectObservable(t.Cold("-x", ("y", "z"))).ToBe("-x");
        t.ExpectObservable(t.Cold("[a]")).ToBe("[a]");
    }, new MarbleOptions { Dialect = MarbleDialect.RxJs7 });

    [Test]
    public void A_time_needs_an_end() => MarbleTest.Run(t =>
        Assert.That(() => t.Time("---"), Throws.TypeOf<MarbleSyntaxException>()), new MarbleOptions { ExpectNothing = true });

    [Test]
    public void A_time_is_read_from_a_diagram() => MarbleTest.Run(t =>
        Assert.That((t.Time("---|"), t.Time(" 5ms |")), Is.EqualTo((TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(5)))),
        new MarbleOptions { ExpectNothing = true });

    [Test]
    public void A_name_has_one_meaning() => Assert.That(() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("a")).ToBe("a", ("a", (Marble<string>)Marble.Any), ("a", (Marble<string>)"z"))),
        Throws.ArgumentException.With.Message.Contains("'a' is there twice"));

    [Test]
    public void Subscriptions_are_said_once() => MarbleTest.Run(t =>
    {
        var subscriptions = t.ExpectSubscriptions(t.Hot("-"));
        subscriptions.ToBe();
        Assert.That(() => subscriptions.ToBe("^"), Throws.InvalidOperationException.With.Message.Contains("said before"));
    });

    [Test]
    public void Another_observable_must_be_told_before_time_passes() => MarbleTest.Run(t =>
    {
        var expectation = t.ExpectObservable(t.Cold("--a|"));
        t.AdvanceBy(TimeSpan.FromMilliseconds(1));
        Assert.That(() => expectation.ToBe(t.Cold("--a|")), Throws.InvalidOperationException.With.Message.Contains("before time passes"));
        expectation.ToBe("--a|");
    });

    [Test]
    public void A_list_may_hold_itself()
    {
        List<object> one = [], other = [];
        one.Add(one);
        other.Add(other);
        MarbleTest.Run(t => t.ExpectObservable(Observable.Return<object>(one)).ToBe("[a|]", ("a", one)));
        Assert.That(() => MarbleTest.Run(t => t.ExpectObservable(Observable.Return<object>(one)).ToBe("[a|]", ("a", other))), Throws.Exception);
    }
}
