using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a request as a dictionary: asked for one it looks in the bytes that came, and is filled only for who wants them all, or changes one.</summary>
internal sealed class RequestHeaders : IHeaderDictionary
{
    private readonly HubRequest? _request;
    private readonly HttpHeaders _trailers;
    private KnownValues _known;
    private HeaderDictionary? _all;

    /// <summary>Those of a request, whichever that is at the time.</summary>
    public RequestHeaders(HubRequest request) => _request = request;

    /// <summary>Those that came behind a body.</summary>
    public RequestHeaders(HttpHeaders trailers) => _trailers = trailers;

    public long? ContentLength
    {
        get => _all is not null ? _all.ContentLength : Head.Body is { Kind: HttpBodyKind.Counted, Count: var count } ? count : null;
        set => All.ContentLength = value;
    }

    public int Count => All.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => All.Keys;

    public ICollection<StringValues> Values => All.Values;

    // Nothing is kept of it here, as it would be written for each request and read for few.
    private HttpRequestHead Head => _request?.Http is { } request ? request.Head : default;

    private HttpHeaders Fields => _request is null ? _trailers : Head.Headers;

    private HeaderDictionary All => _all ??= Fill();

    public StringValues this[string key]
    {
        get => _all is not null ? _all[key] : Find(key);
        set => All[key] = value;
    }

    StringValues IDictionary<string, StringValues>.this[string key] { get => ((IDictionary<string, StringValues>)All)[key]; set => All[key] = value; }

    /// <summary>The request is another one.</summary>
    public void Forget() => _all = null;

    public bool ContainsKey(string key) => _all?.ContainsKey(key) ?? Fields.Contains(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
    {
        if (_all is not null)
        {
            return _all.TryGetValue(key, out value);
        }

        value = Find(key);
        return value.Count > 0;
    }

    public void Add(string key, StringValues value) => All.Add(key, value);

    public void Add(KeyValuePair<string, StringValues> item) => All.Add(item);

    public bool Remove(string key) => All.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => All.Remove(item);

    public void Clear() => All.Clear();

    public bool Contains(KeyValuePair<string, StringValues> item) => All.Contains(item);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => All.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => All.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Whom an absolute target names is whom the request is for, whatever Host says (RFC 9112 §3.2.2).
    private StringValues Find(string name)
    {
        var (values, rest) = (StringValues.Empty, new HttpFieldReader(Fields.Lines));
        while (rest.TryFind(name, out var value))
        {
            if (_request is not null && name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                return _known.Of(name, Head is { IsAbsolute: true } head ? head.HostBytes.Span : value.Span);
            }

            values = StringValues.Concat(values, _known.Of(name, value.Span));
        }

        return values;
    }

    private HeaderDictionary Fill()
    {
        var all = new HeaderDictionary();
        foreach (var field in Fields)
        {
            all.Append(field.Name, field.Value);
        }

        if (_request is not null && all.ContainsKey("Host"))
        {
            all["Host"] = Head.Host;
        }

        return all;
    }
}
