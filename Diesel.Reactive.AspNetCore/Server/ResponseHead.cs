using System.Runtime.InteropServices;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The fields of a response, from an application's dictionary to the lines that are sent.</summary>
internal static class ResponseHead
{
    [ThreadStatic]
    private static List<(string Name, string Value)>? _fields;

    /// <summary>The lines, but those that frame the message and the date, which are the service's.</summary>
    /// <param name="headers">Of the application.</param>
    /// <param name="closes">Whether it wants the connection to end.</param>
    /// <exception cref="InvalidOperationException">A name or value is none: a line end would be another field.</exception>
    public static HttpHeaders Of(IHeaderDictionary headers, out bool closes)
    {
        closes = false;
        if (headers.Count == 0)
        {
            return default;
        }

        var fields = _fields ??= [];
        fields.Clear();
        foreach (var (name, values) in headers)
        {
            if (IsOurs(name))
            {
                closes |= name.Equals("Connection", StringComparison.OrdinalIgnoreCase) && values.ToString().Contains("close", StringComparison.OrdinalIgnoreCase);
                continue;
            }

            foreach (var value in values)
            {
                fields.Add((name, value ?? ""));
            }
        }

        try
        {
            return HttpHeaders.Of(CollectionsMarshal.AsSpan(fields));
        }
        catch (ArgumentException error)
        {
            throw new InvalidOperationException(error.Message, error);
        }
        finally
        {
            fields.Clear();
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
}
