using System.Diagnostics;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a response, from an application's dictionary to the lines that are sent. The next response writes its lines where they are.</summary>
internal sealed class ResponseHead
{
    private byte[] _lines = new byte[256];
    private int _end;

    /// <summary>Whether the application wants the connection to end.</summary>
    public bool Closes { get; private set; }

    /// <summary>The lines, until others are written.</summary>
    public HttpHeaders Lines => new(_lines.AsMemory(0, _end));

    /// <summary>The lines of other fields.</summary>
    public static HttpHeaders LinesOf(IHeaderDictionary fields)
    {
        var head = new ResponseHead();
        head.Write(fields);
        return head.Lines;
    }

    /// <summary>Writes the lines, but those that frame the message and the date, which are the service's.</summary>
    /// <param name="headers">Of the application.</param>
    /// <exception cref="InvalidOperationException">A name or value is none: a line end would be another field.</exception>
    public void Write(IHeaderDictionary headers)
    {
        (_end, Closes) = (0, false);
        try
        {
            if (headers is FieldTable table)
            {
                foreach (var (name, values) in table.Others)
                {
                    Write(name, values);
                }
            }
            else
            {
                foreach (var (name, values) in headers)
                {
                    Write(name, values);
                }
            }
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }

    private static bool IsOurs(string name) => name.Length switch
    {
        4 => name.Equals("Date", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase),
        14 => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private void Write(string name, StringValues values)
    {
        if (IsOurs(name))
        {
            Closes |= name.Equals("Connection", StringComparison.OrdinalIgnoreCase) && values.ToString().Contains("close", StringComparison.OrdinalIgnoreCase);
            return;
        }

        for (var i = 0; i < values.Count; i++)
        {
            Write(name, values[i] ?? "");
        }
    }

    private void Write(string name, string value)
    {
        const int MostOfCharacter = 3;
        var most = name.Length + (MostOfCharacter * value.Length) + 4;
        if (_lines.Length - _end < most)
        {
            Array.Resize(ref _lines, Math.Max(2 * _lines.Length, _end + most));
        }

        _end += HttpHeaders.Write(_lines.AsSpan(_end), name, value);
        Debug.Assert(_end <= _lines.Length, "It is the longest that the text can be.");
    }
}
