using System.Diagnostics;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a response, from an application's dictionary to the lines that are sent. The next response writes its lines where they are.</summary>
internal sealed class ResponseHead
{
    private const int MostRemembered = 512;

    // What the lines say: a response with the same strings has them as they are. Fewer than none: of what they say nothing is known.
    private readonly (string Name, string Value)[] _said = new (string, string)[4];
    private byte[] _lines = new byte[256];
    private int _saidCount = -1;
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
        var table = headers as FieldTable;
        if (table is not null && IsSaid(table.Others))
        {
            return;
        }

        (_end, Closes, _saidCount) = (0, false, -1);
        try
        {
            if (table is not null)
            {
                foreach (var (name, values) in table.Others)
                {
                    Write(name, values);
                }

                Remember(table.Others);
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

    private bool IsSaid(ReadOnlySpan<(string Name, StringValues Values)> fields)
    {
        if (fields.Length != _saidCount)
        {
            return false;
        }

        for (var i = 0; i < fields.Length; i++)
        {
            if (!ReferenceEquals(fields[i].Name, _said[i].Name) || fields[i].Values.Count != 1 || !ReferenceEquals(fields[i].Values[0], _said[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    private void Remember(ReadOnlySpan<(string Name, StringValues Values)> fields)
    {
        if (fields.Length > _said.Length || _end > MostRemembered)
        {
            return;
        }

        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Values is not [{ } value])
            {
                return;
            }

            _said[i] = (fields[i].Name, value);
        }

        _saidCount = fields.Length;
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
