using System.Reactive.Subjects;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>How the length of an answer is said: what is complete when the turn ends has one.</summary>
public class HttpFramingTests
{
    private const string Get10 = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    [Test]
    public void What_is_written_and_completed_in_one_turn_has_a_length() =>
        Assert.That(Answer(static _ => new[] { "hel", "", "lo" }.ToObservable().AsResponse(), Get), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  hello"));

    [Test]
    public void What_is_not_goes_in_chunks_as_it_comes()
    {
        using var world = new World();
        var body = new Subject<string>();
        var peer = world.Talk(_ => body.StartWith("hel").AsResponse(), Get);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Transfer-Encoding: chunked  3 hel "));
        world.Do(() => body.OnNext("lo"));
        Assert.That(peer.Answers(), Does.EndWith("3 hel 2 lo "));
        world.Do(body.OnCompleted);
        Assert.That(peer.Answers(), Does.EndWith("2 lo 0  "));
        Assert.That(peer.Sends("X").Answers(), Does.Not.EndWith("|"), "the connection goes on");
    }

    [Test]
    public void Old_clients_get_what_comes_up_to_the_end()
    {
        using var world = new World();
        var body = new Subject<string>();
        var peer = world.Talk(_ => body.StartWith("hel").AsResponse(), Get10 + Get10);
        world.Do(() => body.OnNext("lo")).Do(body.OnCompleted);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Connection: close  hello|"));
    }

    [Test]
    public void Old_clients_keep_their_connection_where_the_length_is_known() =>
        Assert.That(Answer(static _ => Observable.Return("hi").AsResponse(), Get10 + Get10),
            Is.EqualTo("HTTP/1.1 200 OK Content-Length: 2 Connection: keep-alive  hiHTTP/1.1 200 OK Content-Length: 2 Connection: keep-alive  hi"));

    [Test]
    public void A_length_that_is_said_is_kept()
    {
        using var world = new World();
        var body = new Subject<ReadOnlyMemory<byte>>();
        var peer = world.Talk(_ => body.AsResponse(length: 5), Get);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  "));
        world.Do(() => body.OnNext("hello".ToBytes())).Do(body.OnCompleted);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  hello"));
    }

    [TestCase(3)]
    [TestCase(7)]
    public void A_length_that_is_not_kept_is_the_handlers_mistake(int length)
    {
        using var world = new World();
        var peer = world.Talk(_ => Observable.Return("hello".ToBytes()).AsResponse(length: length), Get);
        Assert.That(peer.Answers(), Does.StartWith("HTTP/1.1 500"));
        Assert.That(world.Trouble, Is.EqualTo("InvalidOperationException"));
    }

    [TestCase(3)]
    [TestCase(7)]
    public void One_that_was_said_already_ends_the_connection(int length)
    {
        using var world = new World();
        var body = new Subject<ReadOnlyMemory<byte>>();
        var peer = world.Talk(_ => body.AsResponse(length: length), Get);
        world.Do(() => body.OnNext("hello".ToBytes())).Do(body.OnCompleted);
        Assert.That(peer.Answers(), Does.EndWith(length == 3 ? "Content-Length: 3  |" : "Content-Length: 7  hello|"));
    }

    [Test]
    public void A_body_that_fails_is_not_taken_for_whole()
    {
        using var world = new World();
        var body = new Subject<string>();
        var peer = world.Talk(_ => body.StartWith("hel").AsResponse(), Get);
        world.Do(() => body.OnError(new FormatException()));
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Transfer-Encoding: chunked  3 hel |"));
        Assert.That(world.Trouble, Is.EqualTo("FormatException"));
    }

    [Test]
    public void Up_to_the_end_only_a_reset_tells_that()
    {
        using var world = new World();
        var body = new Subject<string>();
        var peer = world.Talk(_ => body.StartWith("hel").AsResponse(), Get10);
        world.Do(() => body.OnError(new FormatException()));
        Assert.That(peer.Answers(), Does.EndWith("#"));
    }

    [Test]
    public void A_body_that_fails_at_once_is_a_500() =>
        Assert.That(Answer(static _ => Observable.Throw<string>(new FormatException()).AsResponse(), Get), Does.StartWith("HTTP/1.1 500"));

    [Test]
    public void Trailers_go_behind_the_last_chunk()
    {
        var response = HttpResponse.Text("hello").WithTrailers(static () => HttpHeaders.Of(("X-T", "v")), "X-T");
        Assert.That(Answer(_ => response, Get), Is.EqualTo("HTTP/1.1 200 OK Trailer: X-T Transfer-Encoding: chunked  5 hello 0 X-T: v  "));
        Assert.That(Answer(_ => response, "GET / HTTP/1.0\r\n\r\n"), Is.EqualTo("HTTP/1.1 200 OK Trailer: X-T Content-Length: 5 Connection: close  hello|"));
    }

    [Test]
    public void A_client_that_leaves_unsubscribes_the_body()
    {
        using var world = new World();
        var body = new Subject<string>();
        var peer = world.Talk(_ => body.AsResponse(), Get);
        Assert.That(body.HasObservers, Is.True);
        peer.Resets();
        Assert.That(body.HasObservers, Is.False);
    }

    [Test]
    public void Large_answers_that_nobody_takes_hold_the_next_requests()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        var count = 0;
        world.Starts(new HttpService(Port, _ =>
        {
            count++;
            return HttpResponse.Bytes(new byte[100_000]);
        }));
        var peer = world.Dials(Port).StopsReading();
        peer.Sends(string.Concat(Enumerable.Repeat(Get, 50)));
        Assert.That(count, Is.LessThan(4));
        peer.ReadsOn();
        world.Passes(60);
        Assert.That(count, Is.EqualTo(50));
    }
}
