using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Classes that say nothing of when two are equal, and streams inside tuples.</summary>
public class MemberEqualityTests
{
    [Test]
    public void Objects_are_equal_when_their_members_are() => MarbleTest.Run(static t =>
        t.ExpectObservable(t.Hot("-a|", ("a", new Person("Ann", [1, 2])))).ToBe("-x|", ("x", new Person("Ann", [1, 2]))));

    [TestCase("Bob", 1, "Name: expected 'Bob', was 'Ann'")]
    [TestCase("Ann", 2, "Numbers: expected [2], was [1]")]
    public void One_that_differs_in_a_member_is_told_with_it(string name, int number, string told) => Assert.That(
        () => MarbleTest.Run(t => t.ExpectObservable(t.Hot("-a|", ("a", new Person("Ann", [1])))).ToBe("-x|", ("x", new Person(name, [number])))),
        Throws.TypeOf<MarblesDifferException>().With.Message.Contains(told));

    [Test]
    public void Members_that_are_objects_are_compared_by_theirs() => Assert.That(
        (MarbleEquality.Same(new Pair { One = new Person("a", []) }, new Pair { One = new Person("a", []) }), MarbleEquality.Same(new Pair { One = new Person("a", []) }, new Pair { One = new Person("b", []) })),
        Is.EqualTo((true, false)));

    [Test]
    public void Those_in_a_list_are_too() => Assert.That(MarbleEquality.Same<object>(new List<Person> { new("a", []) }, new List<Person> { new("a", []) }));

    [Test]
    public void An_equality_of_its_own_counts_more() => Assert.That(
        (MarbleEquality.Same(new Always(1), new Always(2)), MarbleEquality.Same<object>(new Always(1), new Always(2))), Is.EqualTo((true, true)));

    [Test]
    public void What_has_no_members_does_something_or_is_of_another_class_is_itself_alone() => Assert.That(
        new[]
        {
            MarbleEquality.Same(new object(), new object()), MarbleEquality.Same(new Disposed(), new Disposed()), MarbleEquality.Same<object>(new Person("a", []), new Other("a", [])),
            MarbleEquality.Same<object>(new System.Reactive.Subjects.Subject<int>(), new System.Reactive.Subjects.Subject<int>()),
            MarbleEquality.Same(new TaskCompletionSource(), new TaskCompletionSource()), MarbleEquality.Same(new DisposedLater(), new DisposedLater()),
            MarbleEquality.Same<Action>(() => new Person("a", []).ToString(), () => new Person("b", []).ToString()), MarbleEquality.Same(new Quiet(), new Quiet()),
            MarbleEquality.Same<object>(new Typed(), new Typed()), MarbleEquality.Same(new Empty(), new Empty()),
            MarbleEquality.Same(new System.Text.StringBuilder("a"), new System.Text.StringBuilder("b")),
        },
        Is.All.False);

    [Test]
    public void What_nobody_can_read_does_not_count() => Assert.That((MarbleEquality.Same(new Guarded(1), new Guarded(2)), MarbleEquality.Same(new Guarded(1) { Open = 1 }, new Guarded(1))), Is.EqualTo((true, false)));

    [Test]
    public void What_holds_itself_ends_in_an_exception() =>
        Assert.That(() => MarbleEquality.Same(Pair.Of(Pair.Itself), Pair.Of(Pair.Itself)), Throws.TypeOf<InsufficientExecutionStackException>());

    [Test]
    public void Streams_in_tuples_are_compared_as_streams() => MarbleTest.Run(static t =>
        t.ExpectObservable(t.Hot("-a-b-a|").GroupBy(static key => key).Select(static group => (group.Key, (IObservable<string>)group)))
            .ToBe("-x-y--|", ("x", ("a", t.Cold("a---a|"))), ("y", ("b", t.Cold("b--|")))));

    [Test]
    public void One_that_tells_otherwise_is_a_difference() => Assert.That(
        () => MarbleTest.Run(static t => t.ExpectObservable(t.Hot("-a").Select(_ => (1, (IObservable<string>)t.Cold("-b|")))).ToBe("-x", ("x", (1, t.Cold("--b|"))))),
        Throws.TypeOf<MarblesDifferException>());

    [Test]
    public void So_are_those_in_tuples_in_tuples() => MarbleTest.Run(static t =>
        t.ExpectObservable(t.Hot("-a").Select(_ => (1, ("b", (IObservable<string>)t.Cold("-b|"))))).ToBe("-x", ("x", (1, ("b", t.Cold("-b|"))))));

    private sealed class Person(string name, int[] numbers)
    {
        public string Name { get; } = name;

        public int[] Numbers { get; } = numbers;
    }

    private sealed class Other(string name, int[] numbers)
    {
        public string Name { get; } = name;

        public int[] Numbers { get; } = numbers;
    }

    private sealed class Pair
    {
        public object? One;

        // A new one each time, with the same in it.
        public Func<Pair>? Next { get; init; }

        public object? Inner => Next?.Invoke();

        public static Pair Of(Func<Pair> next) => new() { Next = next };

        public static Pair Itself() => Of(Itself);
    }

    private sealed class Always(int number)
    {
        public int Number { get; } = number;

        public override bool Equals(object? obj) => obj is Always;

        public override int GetHashCode() => 0;
    }

    private sealed class Guarded(int number)
    {
        public int Open { get; set; }

        public int Hidden { private get; set; } = number;

        public int this[int index] => throw new InvalidOperationException($"{index}: an indexer is no member.");

        public ReadOnlySpan<byte> Span => throw new InvalidOperationException($"{Hidden}: a span is no value.");
    }

    private sealed class Empty;

    private sealed class DisposedLater : IAsyncDisposable
    {
        public int Number { get; } = 1;

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Quiet : IObservable<int>
    {
        public int Number { get; } = 1;

        public IDisposable Subscribe(IObserver<int> observer) => throw new NotSupportedException();
    }

#pragma warning disable CA1067 // That is what is tried here.
    private sealed class Typed : IEquatable<Typed>
#pragma warning restore CA1067
    {
        public int Number { get; } = 1;

        public bool Equals(Typed? other) => false;
    }

    private sealed class Disposed : IDisposable
    {
        public int Number { get; } = 1;

        public void Dispose()
        {
        }
    }
}
