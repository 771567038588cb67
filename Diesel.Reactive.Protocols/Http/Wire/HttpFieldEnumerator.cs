using System.Collections;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Goes through <see cref="HttpHeaders"/>.</summary>
public struct HttpFieldEnumerator : IEnumerator<HttpField>
{
    private readonly ReadOnlyMemory<byte> _lines;
    private HttpFieldReader _reader;
    private HttpField _current;

    internal HttpFieldEnumerator(ReadOnlyMemory<byte> lines) => (_lines, _reader) = (lines, new HttpFieldReader(lines));

    /// <summary>The field it is at.</summary>
    public readonly HttpField Current => _current;

    readonly object IEnumerator.Current => _current;

    /// <summary>Goes on to the next.</summary>
    /// <returns>False: there is none.</returns>
    public bool MoveNext() => _reader.TryRead(out _current, out _);

    /// <summary>Goes back to before the first.</summary>
    public void Reset() => (_reader, _current) = (new HttpFieldReader(_lines), default);

    /// <summary>Nothing is held.</summary>
    public readonly void Dispose()
    {
    }
}
