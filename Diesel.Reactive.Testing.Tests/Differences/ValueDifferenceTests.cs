using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ValueDifferenceTests
{
    private sealed record Key(string Name, int Code, bool Shift);

    [Test]
    public void Of_long_texts_tells_where_they_part() => Assert.That(
        Compared.Report("-'hello, good morning to all of you out there'|", "-'hello, good Morning to all of you out there'|"), Is.EqualTo("""
          ms         1
          expected  -a|
          actual    -b|
                     ^
          1 of 2 differs, first at 1 ms:
            a     at 1 ms: expected a, was b
                    they part at index 12: expected 'hello, good morning to a'…, was 'hello, good Morning to a'…
          values    a='hello, good morning to all of you out there'  b='hello, good Morning to all of you out there'
        """));

    [Test]
    public void Of_records_tells_the_properties() => Assert.That(
        Compared.Report("-a-b|", Compared.Told("-a-c|", ("a", Enter), ("c", new Key("z, y", 2, true))), [("a", Enter), ("b", new Key("z, x", 2, false))]),
        Is.EqualTo("""
          ms         1 3
          expected  -a-b|
          actual    -a-c|
                       ^
          1 of 3 differs, first at 3 ms:
            b     at 3 ms: expected b, was c
                    Name: expected z, x, was z, y
                    Shift: expected False, was True
          values    a=Key { Name = Enter, Code = 13, Shift = False }
                    b=Key { Name = z, x, Code = 2, Shift = False }
                    c=Key { Name = z, y, Code = 2, Shift = True }
        """));

    [Test]
    public void Of_bytes_is_a_dump() => Assert.That(
        Compared.Report("-'GET / HTTP/1.1\\r\\nHost: a.org'-<00*20>|", Compared.Told<ReadOnlyMemory<byte>>("-'GET / HTTP/1.1\\r\\nHOST: a.org'-<00*16>|"), []), Is.EqualTo("""
          ms         1 3      4
          expected  -a-<00*20>|
          actual    -b-<00*16>|
                     ^ ^
          2 of 3 differ, first at 1 ms:
            a        at 1 ms: expected a = 'GET / HTTP/1.1\r\nHost: a.org', was b = 'GET / HTTP/1.1\r\nHOST: a.org'
                       they part at offset 17, of 27 and 27 bytes:
                       expected  00000010  48 6f 73 74 3a 20 61 2e 6f 72 67                 Host: a.org
                       was       00000010  48 4f 53 54 3a 20 61 2e 6f 72 67                 HOST: a.org
                                              ^^
            <00*20>  at 3 ms: expected <00*20>, was <00*16>
                       they part at offset 16, of 20 and 16 bytes:
                       expected  00000010  00 00 00 00                                      ....
                       was       00000010
                                           ^^
          values    a='GET / HTTP/1.1\r\nHost: a.org'  b='GET / HTTP/1.1\r\nHOST: a.org'
        """));

    [Test]
    public void Of_short_texts_in_bytes_is_plain() => Assert.That(
        Compared.Report("'PING'", Compared.Told<byte[]>("'PONG'"), []), Does.EndWith("at 0 ms: expected 'PING', was 'PONG'"));

    [Test]
    public void Of_lists_tells_the_item() => Assert.That(
        Compared.Report("a", Compared.Told<List<int>>("a", ("a", [.. Enumerable.Range(0, 20)])), [("a", [.. Enumerable.Range(0, 19), 17])]), Is.EqualTo("""
          ms        0
          expected  a
          actual    b
                    ^
          1 of 1 differs, first at 0 ms:
            a     at 0 ms: expected a, was b
                    item 19: expected 17, was 19
          values    a=[0, 1, 2, 3, 4, 5, 6, 7, …] (20 items)  b=[0, 1, 2, 3, 4, 5, 6, 7, …] (20 items)
        """));

    [Test]
    public void Of_values_that_look_the_same_says_so() => Assert.That(
        Compared.Report("a", Compared.Told<HashSet<int>>("a", ("a", [1])), [("a", [1])]), Does.Contain("expected a, was b   (alike in writing, but not equal)"));

    [Test]
    public void Of_null_names_it() => Assert.That(Compared.Report("-a-b|", Compared.Told<string?>("-x-'b'|", ("x", null)), []), Is.EqualTo("""
          ms         1 3
          expected  -a-b|
          actual    -c-b|
                     ^
          1 of 3 differs, first at 1 ms:
            a     at 1 ms: expected 'a', was c = null
          values    c=null
        """));

    [Test]
    public void Of_numbers_gives_letters() => Assert.That(Compared.Report("-1-2|", Compared.Told("-1-x|", ("1", 1), ("x", 17)), []), Is.EqualTo("""
          ms         1 3
          expected  -1-2|
          actual    -1-a|
                       ^
          1 of 3 differs, first at 3 ms:
            2     at 3 ms: expected 2, was a = 17
          values    a=17
        """));

    [Test]
    public void Of_a_matcher_tells_its_name()
    {
        var wanted = new ExpectedNotification<int>(TimeSpan.Zero, MarbleKind.Value, MarbleSpelling.Name("x"), told => told.Value > 5, 0);
        var report = new MarbleComparison<int>("t", "", 0, [wanted], Compared.Told<int>("3"), new MarbleValues<int>([]), []).Report();
        Assert.That(report, Does.Contain("at 0 ms: expected what x matches, was 3"));
    }

    [Test]
    public void Of_an_error_nobody_expected_tells_where_it_was_thrown()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => throw new InvalidOperationException("boom"));
        Assert.That(Compared.Report("-a-b", Compared.Told<string>("-a-#", thrown!), []),
            Does.Contain("b     at 3 ms: expected 'b', was the error InvalidOperationException: 'boom'\n            at ").And.Contain(nameof(ValueDifferenceTests)));
    }

    [Test]
    public void Of_lists_of_bytes_tells_the_item() => Assert.That(
        Compared.Report("a", Compared.Told<byte[][]>("b", ("b", [[1], [2]])), [("a", [[1], [3]])]), Does.Contain("item 1: expected <03>, was <02>"));

    private static Key Enter => new("Enter", 13, false);
}
