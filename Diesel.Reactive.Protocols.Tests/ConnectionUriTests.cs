using Diesel.Reactive.Protocols;

namespace Diesel.Reactive.Tests;

public class ConnectionUriTests
{
    private static readonly UriParameters<(int Size, string Token)> Parameters = new()
    {
        { "size", (options, text) => options with { Size = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) }, options => $"{options.Size}" },
        { "token", (options, text) => text == "no" ? throw new FormatException($"{text} is none.") : options with { Token = text }, options => options.Token },
    };

    [TestCase("x://u:p@h:1,i/path?a=b&c", "x://u:p@h:1,i/path?a=b&c=")]
    [TestCase("h", "d://h")]
    [TestCase("h:1,[::1]:2", "d://h:1,[::1]:2")]
    [TestCase("X://[2001:db8::1]", "x://[2001:db8::1]")]
    [TestCase("x://", "x://")]
    [TestCase("x:///run/a%20b", "x:///run/a%20b")]
    [TestCase("x://a%40b:c%3Ad%2F%25@h", "x://a%40b:c%3Ad%2F%25@h")]
    [TestCase("x://u:a:b@h", "x://u:a%3Ab@h")]
    [TestCase("x://:p@h", "x://:p@h")]
    [TestCase("x://u@h", "x://u@h")]
    [TestCase("x://h?a=%26%3d+", "x://h?a=%26%3D%2B")]
    public void Is_given_back(string text, string again) => Assert.That(ConnectionUri.Parse(text, "d").ToSecretString(), Is.EqualTo(again));

    [Test]
    public void Is_decoded()
    {
        var uri = ConnectionUri.Parse("x://a%40b:c%2F@%C3%A9:1/d%20e?f%3D=g%26", "d");
        Assert.That(
            (uri.Scheme, uri.User, uri.Password, uri.Hosts.Single(), uri.Path, uri.Parameters.Single()),
            Is.EqualTo(("x", "a@b", "c/", new UriHost("é", 1), "/d e", KeyValuePair.Create("f=", "g&"))));
    }

    [TestCase("x://u:secret@h", "x://u:***@h")]
    [TestCase("x://h?password=secret&a=b", "x://h?password=***&a=b")]
    [TestCase("x://h?authToken=secret", "x://h?authToken=***")]
    public void Shows_no_secret(string text, string shown) => Assert.That($"{ConnectionUri.Parse(text, "d")}", Is.EqualTo(shown));

    [TestCase("x://u:sec@ret@h")]
    [TestCase("x://u:sec/ret@h")]
    [TestCase("x://u:sec?ret@h")]
    [TestCase("x://u:sec#ret@h")]
    [TestCase("x://u:sec ret@h")]
    [TestCase("x://u:sec%zzret@h")]
    [TestCase("x://u:secret@h:port")]
    [TestCase("x://secret:0")]
    [TestCase("x://h:65536")]
    [TestCase("x://h:+1")]
    [TestCase("x://::1:1")]
    [TestCase("x://[::1")]
    [TestCase("x://[secret]")]
    [TestCase("x://h,,i")]
    [TestCase("u:sec://ret@h")]
    [TestCase("://secret")]
    [TestCase("x://h?a=%4")]
    public void Refuses_what_is_none_and_shows_none_of_it(string text) =>
        Assert.That(() => ConnectionUri.Parse(text, "d"), Throws.ArgumentException.With.Message.Not.Contains("sec").And.Message.Not.Contains("ret"));

    [TestCase("")]
    [TestCase(" ")]
    public void Refuses_nothing(string text) => Assert.That(() => ConnectionUri.Parse(text, "d"), Throws.ArgumentException);

    [Test]
    public void Sets_options()
    {
        var options = Parameters.Read(ConnectionUri.Parse("x://h?token=t&size=3", "d"), default);
        Assert.That((options, string.Join('&', Parameters.Write(options).Select(one => $"{one.Key}={one.Value}"))), Is.EqualTo(((3, "t"), "size=3&token=t")));
    }

    [TestCase("siez=3", "'siez' is no parameter of a x connection string. Is 'size' meant? There are: size, token.")]
    [TestCase("Token=3", "'Token' is no parameter of a x connection string. Is 'token' meant? There are: size, token.")]
    [TestCase("size=1&size=2", "The connection string has 'size' twice.")]
    [TestCase("size=a", "'size' of the connection string cannot be 'a': The input string 'a' was not in a correct format.")]
    [TestCase("token=no", "'token' of the connection string cannot be that.")]
    public void Tells_what_is_wrong_with_a_parameter(string query, string error) =>
        Assert.That(() => Parameters.Read(ConnectionUri.Parse($"x://h?{query}", "d"), default), Throws.ArgumentException.With.Message.EqualTo(error));
}
