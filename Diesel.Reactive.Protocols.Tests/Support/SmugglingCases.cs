namespace Diesel.Reactive.Tests;

/// <summary>Bytes that two programs may read in two ways, so that one sees a request (<c>/smuggled-N</c>) where the other sees part of a body.</summary>
internal static class SmugglingCases
{
    private static readonly string[] Codings =
    [
        "Transfer-Encoding: chunked", "transfer-encoding: Chunked", "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked",
        "X: y\r\n Transfer-Encoding: chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding: chunked ", "Transfer-Encoding: \vchunked", "Transfer-Encoding: chunked\f",
        "Transfer-Encoding: chunked\0", "\0Transfer-Encoding: chunked", "Transfer-Encoding\0: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: , chunked", "Transfer-Encoding: chunked,", "Transfer-Encoding: chunked;a=b", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked", "X: y\r\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r", "Transfer_Encoding: chunked",
        "Transfer-Encoding: chünked", "Transfer-Encoding", "Transfer-Encoding:", "Transfer-Encoding=chunked", "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
    ];

    // N stands for the length.
    private static readonly string[] Lengths =
    [
        "Content-Length: N", "Content-Length: 0\r\nContent-Length: N", "Content-Length: N\r\nContent-Length: 0", "Content-Length: 0, N", "Content-Length: N, 0", "Content-Length: N, N",
        "Content-Length: +N", "Content-Length: -N", "Content-Length: 0N", "Content-Length: 0xN", "Content-Length: N ", "Content-Length: N a", "Content-Length: N\v", "Content-Length: N\0",
        "Content-Length : N", "Content-Length\0: N", " Content-Length: N", "X: y\r\n Content-Length: N", "X: y\nContent-Length: N", "X: y\rContent-Length: N", "Content-Length:\r\n N",
        "Content_Length: N", "Content-Length: N.0", "Content-Length: N;", "Content-Length: 18446744073709551616", "Content-Length: 1844674407370955161N",
        "Connection: Content-Length\r\nContent-Length: N", "Connection: close, Content-Length\r\nContent-Length: N", "Expect: 100-continue\r\nContent-Length: N",
        "Content-Length: N\r\nExpect: x", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: N", "Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: N",
    ];

    // {0} stands for the smuggled request, {1} for its length in hexadecimal.
    private static readonly string[] Chunks =
    [
        "0\r\n\r\n{0}", "0\n\r\n{0}", "0\r\n\n{0}", "0\n\n{0}", "0\r\r\n{0}", "0 \r\n\r\n{0}", " 0\r\n\r\n{0}", "0;a\r\n\r\n{0}", "0;a\n\r\n\r\n{0}", "0;a=\"\r\n\r\n{0}\"\r\n\r\n", "00\r\n\r\n{0}", "0x0\r\n\r\n{0}",
        "-0\r\n\r\n{0}", "+0\r\n\r\n{0}", "0_0\r\n\r\n{0}", "0\t\r\n\r\n{0}", "0\0\r\n\r\n{0}", "0\r\nX: y\n\r\n{0}", "0\r\n X: y\r\n\r\n{0}", "0\r\nContent-Length: 9\r\n\r\n{0}", "0\r\nX\r\n\r\n{0}",
        "1\r\nab\r\n0\r\n\r\n{0}", "1\r\nabc0\r\n\r\n{0}", "1\r\na\n0\r\n\r\n{0}", "1\r\na\r0\r\n\r\n{0}", "1\r\na0\r\n\r\n{0}", "10000000000000000\r\n\r\n{0}0\r\n\r\n", "{1}\r\n{0}\r\n0\r\n\r\n", "0{1}\r\n{0}\r\n0\r\n\r\n",
        "{1};\r\n{0}\r\n0\r\n\r\n", "{1}; a = b\r\n{0}\r\n0\r\n\r\n", "{1} \n{0}\r\n0\r\n\r\n", "{1}\r{0}\r\n0\r\n\r\n", "{1};\n{0}\r\n0\r\n\r\n", "1;a\nb\r\nx\r\n{1}\r\n{0}\r\n0\r\n\r\n", "2;\n\r\nxx\r\n{1}\r\n{0}\r\n0\r\n\r\n",
        "100000000{1}\r\n{0}\r\n0\r\n\r\n", "{1}g\r\n{0}\r\n0\r\n\r\n", "\r\n{1}\r\n{0}\r\n0\r\n\r\n", "{1}\r\n\r\n{0}\r\n0\r\n\r\n", "f;a\r\n\r\n{0}\r\n0\r\n\r\n",
    ];

    // {0} stands for the number, {1} for the smuggled request, {2} for its length.
    private static readonly string[] Heads =
    [
        "POST /outer-{0} HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{1}", "POST /outer-{0} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: {2}\r\n\r\n0\r\n\r\n{1}",
        "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "HEAD /outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "DELETE /outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}",
        "OPTIONS /outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "TRACE /outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}",
        "GET /outer-{0} HTTP/1.1\nHost: a\nX: y\n\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: y\r\n\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: y\n\r{1}",
        "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: {1}\r\n\r\n", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: \n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: \n\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nX: \r\r{1}",
        "GET /outer-{0} HTTP/1.1\r\nHost: a\r\n\v\r\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\n \r\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\n:\r\n\r\n{1}", "GET /outer-{0} HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: {2}\r\n\r\n{1}",
        "GET /outer-{0} HTTP/1.2\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "GET /outer-{0} HTTP/1.1 \r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "GET /outer-{0}  HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}",
        "GET\t/outer-{0}\tHTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "GET http://b/outer-{0} HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "GET /outer-{0}\r\nContent-Length: {2}\r\n\r\n{1}",
        "GET /outer-{0}\n HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}", "GET /outer-{0}%20HTTP/1.1%0d%0aHost:%20a%0d%0a%0d%0a HTTP/1.1\r\nHost: a\r\nContent-Length: {2}\r\n\r\n{1}",
    ];

    /// <summary>All of them, numbered as they are named in their paths.</summary>
    public static IReadOnlyList<string> All { get; } = Make();

    private static List<string> Make()
    {
        var all = new List<string>();
        foreach (var coding in Codings)
        {
            Add(n => $"{Outer(n)}Content-Length: {5 + Smuggled(n).Length}\r\n{coding}\r\n\r\n0\r\n\r\n{Smuggled(n)}");
            Add(n => $"{Outer(n)}{coding}\r\nContent-Length: 4\r\n\r\n{Smuggled(n).Length:x2}\r\n{Smuggled(n)}\r\n0\r\n\r\n");
            Add(n => $"{Outer(n)}{coding}\r\n\r\n0\r\n\r\n{Smuggled(n)}");
            Add(n => $"{Outer(n)}{coding}\r\n\r\n{Smuggled(n).Length:x2}\r\n{Smuggled(n)}\r\n0\r\n\r\n");
        }

        foreach (var length in Lengths)
        {
            Add(n => $"{Outer(n)}{length.Replace("N", $"{Smuggled(n).Length}", StringComparison.Ordinal)}\r\n\r\n{Smuggled(n)}");
        }

        foreach (var chunks in Chunks)
        {
            Add(n => $"{Outer(n)}Transfer-Encoding: chunked\r\n\r\n{chunks.Replace("{0}", Smuggled(n), StringComparison.Ordinal).Replace("{1}", $"{Smuggled(n).Length:x}", StringComparison.Ordinal)}");
        }

        foreach (var head in Heads)
        {
            Add(n => head.Replace("{0}", $"{n}", StringComparison.Ordinal).Replace("{1}", Smuggled(n), StringComparison.Ordinal).Replace("{2}", $"{Smuggled(n).Length}", StringComparison.Ordinal));
        }

        return all;

        void Add(Func<int, string> make) => all.Add(make(all.Count));
    }

    private static string Outer(int n) => $"POST /outer-{n} HTTP/1.1\r\nHost: a\r\n";

    private static string Smuggled(int n) => $"GET /smuggled-{n} HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
}
