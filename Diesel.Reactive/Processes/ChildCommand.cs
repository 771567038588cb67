using System.Collections;

namespace Diesel.Reactive;

/// <summary>A program, its arguments and its environment, as the system wants them.</summary>
internal sealed class ChildCommand
{
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <exception cref="FileNotFoundException">No folder of the path has such a program.</exception>
    /// <exception cref="ArgumentException">Something has a zero character in it.</exception>
    public ChildCommand(string program, IEnumerable<string>? arguments, ChildOptions options)
    {
        Arguments = [program, .. arguments ?? []];
        Environment = [.. VariablesOf(options).Select(static variable => $"{variable.Key}={variable.Value}")];
        WorkingDirectory = options.WorkingDirectory is { } folder ? Path.GetFullPath(folder) : null;
        if (Arguments.Concat(Environment).Append(WorkingDirectory ?? "").FirstOrDefault(static text => text.Contains('\0', StringComparison.Ordinal)) is { } wrong)
        {
            throw new ArgumentException($"'{wrong.Replace("\0", "\\0", StringComparison.Ordinal)}' has a zero character in it: a program would not see what comes behind.");
        }

        ProgramPath = program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program) : Find(program);
    }

    public string ProgramPath { get; }

    public IReadOnlyList<string> Arguments { get; }

    public IReadOnlyList<string> Environment { get; }

    public string? WorkingDirectory { get; }

    private static Dictionary<string, string> VariablesOf(ChildOptions options)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!options.ClearEnvironment)
        {
            foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            {
                variables[(string)variable.Key] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    private static string Find(string program)
    {
        var folders = (System.Environment.GetEnvironmentVariable("PATH") ?? DefaultPath).Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Join(Path.GetFullPath(folder), program)).FirstOrDefault(IsProgram)
            ?? throw new FileNotFoundException($"There is no program '{program}' in the folders of PATH. Install it, or name its path.", program);
    }

    private static bool IsProgram(string path)
    {
        const UnixFileMode runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & runs) != 0);
    }
}
