namespace Diesel.Reactive.Protocols.Http;

/// <summary>One part of a form: a field, or a file.</summary>
public sealed class HttpFormPart
{
    private readonly MultipartBody _body;

    internal HttpFormPart(HttpHeaders headers, MultipartBody body)
    {
        (Headers, _body) = (headers, body);
        var disposition = headers["Content-Disposition"];
        Name = HttpMediaType.Parameter(disposition, "name") ?? "";
        FileName = HttpMediaType.Parameter(disposition, "filename");
    }

    /// <summary>What the field is called; may be empty.</summary>
    public string Name { get; }

    /// <summary>What the client calls the file; null: it is none. Any text at all: never a path to write to.</summary>
    public string? FileName { get; }

    /// <summary>The part's header fields.</summary>
    public HttpHeaders Headers { get; }

    /// <summary>What is in it, as it comes; for one subscriber, who comes before the part has been given out.</summary>
    public IObservable<ReadOnlyMemory<byte>> Body => _body;

    /// <summary>Its name.</summary>
    public override string ToString() => FileName is null ? $"field {Name}" : $"file {Name}";
}
