using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DifferenceTextTests
{
    [Test]
    public void Tells_what_was_observed_and_where() =>
        Assert.That(Compared.Compare("a", Compared.Told<string>("b"), new MarbleValues<string>([]))!.Text, Does.StartWith("Marbles differ: keys.Throttle(…)   (ThrottleTests.cs:42)" + Environment.NewLine));

    [Test]
    public void Nothing_differs() => Assert.That(Compared.Compare("-a{bc}[d|]", Compared.Told<string>("-a[cb][d|]"), new MarbleValues<string>([])), Is.Null);

    [Test]
    public void Early() => Assert.That(
        Compared.Report("-------b 503ms ---[c|]", Compared.Told("-------b 503ms -c-|", ("b", "he"), ("c", "hel")),
            [("a", "h"), ("b", "he"), ("c", "hel")], ("keys", "--a-b--- 503ms c--|")),
        Is.EqualTo("""
              ms          2 4  7        512
              keys      --a-b--- 503ms c--|
              expected  -------b 503ms ---[c|]
              actual    -------b 503ms -c-|
                                        ^
              1 of 3 differs, first at 512 ms:
                c     expected 514 ms, was 512 ms   (2 ms early)
              values    b='he'  c='hel'
            """));

    [Test]
    public void All_late() => Assert.That(Compared.Report("--abc|", "---abc|"), Is.EqualTo("""
          ms           3 5
          expected  --abc|
          actual    ---abc|
                       ^^^^
          4 of 4 differ, first at 2 ms, all 1 ms late:
            a     expected 2 ms, was 3 ms   (1 ms late)
            b     expected 3 ms, was 4 ms   (1 ms late)
            c     expected 4 ms, was 5 ms   (1 ms late)
            |     expected 5 ms, was 6 ms   (1 ms late)
        """));

    [Test]
    public void Late_by_less_than_a_frame() => Assert.That(Compared.Report("a 1.2ms b 0.8ms c", "a 1.4ms b 0.6ms c"), Is.EqualTo("""
          ms        0 2          4
          expected  a-[ 200us b]-c
          actual    a-[ 400us b]-c
                              ^
          1 of 3 differs, first at 2.2 ms:
            b     expected 2.2 ms, was 2.4 ms   (0.2 ms late)
        """));

    [Test]
    public void Changed() => Assert.That(Compared.Report("-a-b-c|", "-a-x-c|"), Is.EqualTo("""
          ms         1 3 5
          expected  -a-b-c|
          actual    -a-x-c|
                       ^
          1 of 4 differs, first at 3 ms:
            b     at 3 ms: expected 'b', was 'x'
        """));

    [Test]
    public void Missing() => Assert.That(Compared.Report("-a-b-c|", "-a---c|"), Is.EqualTo("""
          ms         1 3 5
          expected  -a-b-c|
          actual    -a---c|
                       ^
          1 of 4 differs, first at 3 ms:
            b     missing: expected at 3 ms
        """));

    [Test]
    public void Unexpected() => Assert.That(Compared.Report("-a---c|", "-a-b-c|"), Is.EqualTo("""
          ms         1 3 5
          expected  -a---c|
          actual    -a-b-c|
                       ^
          1 of 4 differs, first at 3 ms:
            b     unexpected at 3 ms
        """));

    [Test]
    public void Out_of_order() => Assert.That(Compared.Report("-[abc]-|", "-[bca]-|"), Is.EqualTo("""
          ms         1     3
          expected  -[abc]-|
          actual    -[bca]-|
                        ^
          1 of 4 differs, first at 1 ms:
            a     out of order at 1 ms: expected [abc], was [bca]
        """));

    [Test]
    public void Never_completed() => Assert.That(Compared.Report("-a-b-c|", "-a-b-c"), Is.EqualTo("""
          ms         1 3  6
          expected  -a-b-c|
          actual    -a-b-c
                          ^
          1 of 4 differs, first at 6 ms:
            |     missing: expected at 6 ms
        """));

    [Test]
    public void Failed_in_place_of_completing() => Assert.That(Compared.Report("-a-|", Compared.Told<string>("-a-#", new TimeoutException("late")), []), Is.EqualTo("""
          ms         1 3
          expected  -a-|
          actual    -a-#
                       ^
          1 of 2 differs, first at 3 ms:
            |     at 3 ms: expected the completion, was the error TimeoutException: 'late'
        """));

    [Test]
    public void Failed_with_another_error() => Assert.That(Compared.Report("-a-#", Compared.Told<string>("-a-#", new TimeoutException("late")), []), Is.EqualTo("""
          ms         1 3
          expected  -a-#
          actual    -a-#
                       ^
          1 of 2 differs, first at 3 ms:
            #     at 3 ms: expected the error MarbleException: 'error', was the error TimeoutException: 'late'   (to expect it, pass it to ToBe, or say WithError)
        """));

    [Test]
    public void Nothing_was_expected() => Assert.That(Compared.Report("-", "-a|"), Is.EqualTo("""
          ms         1
          expected  -
          actual    -a|
                     ^^
          2 of 2 differ, first at 1 ms:
            a     unexpected at 1 ms
            |     unexpected at 2 ms
        """));

    [Test]
    public void One_of_those_in_any_order() => Assert.That(Compared.Report("-[{abc}|]", "-[cbx|]"), Is.EqualTo("""
          ms         1
          expected  -[{abc}|]
          actual    -[cbx|]
                        ^
          1 of 4 differs, first at 1 ms:
            a     at 1 ms: expected 'a', was 'x'
        """));

    [Test]
    public void Before_the_instant_zero() => Assert.That(Compared.Report("a--^--b", "--a^--b", ("keys", "a|")), Is.EqualTo("""
          ms          -1  3
          keys         a|
          expected  a--^--b
          actual      a^--b
                      ^
          1 of 2 differs, first at -3 ms:
            a     expected -3 ms, was -1 ms   (2 ms late)
        """));
}
