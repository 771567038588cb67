using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a request as a dictionary: asked for one it looks in the bytes that came, and is filled only for who wants them all, or changes one.</summary>
internal sealed class RequestHeaders : IHeaderDictionary
{
    private HttpHeaders _fields;
    private HttpRequestHead _head;
    private KnownValues _known;
    private bool _isRequest;
    private HeaderDictionary? _all;

    public RequestHeaders(HttpHeaders fields, HttpRequestHead head) => Become(fields, head);

    public long? ContentLength
    {
        get => _all is not null ? _all.ContentLength : _head.Body is { Kind: HttpBodyKind.Counted, Count: var count } ? count : null;
        set => All.ContentLength = value;
    }

    public int Count => All.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => All.Keys;

    public ICollection<StringValues> Values => All.Values;

    private HeaderDictionary All => _all ??= Fill();

    public StringValues this[string key]
    {
        get => _all is not null ? _all[key] : Find(key);
        set => All[key] = value;
    }

    StringValues IDictionary<string, StringValues>.this[string key] { get => ((IDictionary<string, StringValues>)All)[key]; set => All[key] = value; }

    /// <summary>They are these from now on.</summary>
    /// <param name="fields">As they came.</param>
    /// <param name="head">Their head; that of trailers is empty.</param>
    public void Become(HttpHeaders fields, HttpRequestHead head) => (_fields, _head, _isRequest, _all) = (fields, head, !head.Bytes.IsEmpty, null);

    public bool ContainsKey(string key) => _all?.ContainsKey(key) ?? _fields.Contains(key);

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
        if (_isRequest && name.Equals("Host", StringComparison.OrdinalIgnoreCase) && _fields.Contains(name))
        {
            return _known.Of(name, _head.HostBytes.Span);
        }

        var values = StringValues.Empty;
        foreach (var field in _fields)
        {
            if (field.Is(name))
            {
                values = StringValues.Concat(values, _known.Of(name, field.ValueBytes.Span));
            }
        }

        return values;
    }

    private HeaderDictionary Fill()
    {
        var all = new HeaderDictionary();
        foreach (var field in _fields)
        {
            all.Append(field.Name, field.Value);
        }

        if (_isRequest && all.ContainsKey("Host"))
        {
            all["Host"] = _head.Host;
        }

        return all;
    }
}
