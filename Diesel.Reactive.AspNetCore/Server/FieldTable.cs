using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a response as an application has them: a few, in their order, looked for one by one. Used again by the next response.</summary>
internal sealed class FieldTable : IHeaderDictionary
{
    private const string Length = "Content-Length";

    private (string Name, StringValues Values)[] _fields = new (string, StringValues)[8];
    private int _count;
    private long? _length;

    /// <summary>The response has started.</summary>
    public bool IsReadOnly { get; set; }

    public long? ContentLength
    {
        get => _length;
        set
        {
            ThrowIfReadOnly();
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            _length = value;
        }
    }

    /// <summary>All but the length of the body.</summary>
    public ReadOnlySpan<(string Name, StringValues Values)> Others => _fields.AsSpan(0, _count);

    public int Count => _count + (_length is null ? 0 : 1);

    public ICollection<string> Keys => [.. this.Select(static one => one.Key)];

    public ICollection<StringValues> Values => [.. this.Select(static one => one.Value)];

    public StringValues this[string key]
    {
        get => TryGetValue(key, out var values) ? values : StringValues.Empty;
        set
        {
            ArgumentNullException.ThrowIfNull(key);
            ThrowIfReadOnly();
            if (value.Count == 0)
            {
                Take(key);
            }
            else if (IsLength(key))
            {
                _length = Parse(value);
            }
            else if (Find(key) is var at and >= 0)
            {
                _fields[at].Values = value;
            }
            else
            {
                Append(key, value);
            }
        }
    }

    StringValues IDictionary<string, StringValues>.this[string key]
    {
        get => TryGetValue(key, out var values) ? values : throw new KeyNotFoundException($"There is no field '{key}'.");
        set => this[key] = value;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (IsLength(key))
        {
            value = _length?.ToString(CultureInfo.InvariantCulture) ?? StringValues.Empty;
            return _length is not null;
        }

        var at = Find(key);
        value = at < 0 ? StringValues.Empty : _fields[at].Values;
        return at >= 0;
    }

    public void Add(string key, StringValues value)
    {
        ThrowIfReadOnly();
        if (ContainsKey(key))
        {
            throw new ArgumentException($"There is a field '{key}' already.", nameof(key));
        }

        this[key] = value;
    }

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public bool Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfReadOnly();
        return Take(key);
    }

    public bool Remove(KeyValuePair<string, StringValues> item) => Contains(item) && Remove(item.Key);

    public void Clear()
    {
        ThrowIfReadOnly();
        Forget();
    }

    /// <summary>As new, for the next response.</summary>
    public void Forget()
    {
        _fields.AsSpan(0, _count).Clear();
        (_count, _length, IsReadOnly) = (0, null, false);
    }

    public bool Contains(KeyValuePair<string, StringValues> item) => TryGetValue(item.Key, out var values) && values.Equals(item.Value);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach (var field in this)
        {
            array[arrayIndex++] = field;
        }
    }

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return new(_fields[i].Name, _fields[i].Values);
        }

        if (_length is { } length)
        {
            yield return new(Length, length.ToString(CultureInfo.InvariantCulture));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsLength(string key) => key.Length == Length.Length && key.Equals(Length, StringComparison.OrdinalIgnoreCase);

    private static long Parse(StringValues value) => long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        ? length
        : throw new InvalidOperationException($"Invalid Content-Length: \"{value}\". Value must be a positive integral number.");

    // Who names a field of HTTP mostly has the same string as all others.
    private int Find(string key)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_fields[i].Name, key))
            {
                return i;
            }
        }

        for (var i = 0; i < _count; i++)
        {
            if (_fields[i].Name.Length == key.Length && _fields[i].Name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private void Append(string key, StringValues value)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * _count);
        }

        _fields[_count++] = (key, value);
    }

    private bool Take(string key)
    {
        if (IsLength(key))
        {
            var was = _length is not null;
            _length = null;
            return was;
        }

        var at = Find(key);
        if (at >= 0)
        {
            _fields.AsSpan(at + 1, _count - at - 1).CopyTo(_fields.AsSpan(at));
            _fields[--_count] = default;
        }

        return at >= 0;
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("Headers are read-only, response has already started.");
        }
    }
}
