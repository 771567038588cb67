using System.Reflection;
using System.Runtime.Loader;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>The tests of an assembly that are written for <c>.marble</c> files, run without their framework.</summary>
internal sealed class CaseTests(string path)
{
    private const string Attribute = "MarbleFileAttribute";

    private readonly string _path = Path.GetFullPath(path);
    private DateTime _written;
    private ILookup<string, MethodInfo> _methods = Array.Empty<MethodInfo>().ToLookup(static method => method.Name);

    /// <summary>Runs a case as each test of its file does.</summary>
    /// <returns>What the first throws; null: nothing. False: no test is written for the file.</returns>
    /// <exception cref="IOException">The assembly cannot be loaded.</exception>
    public (bool IsTested, Exception? Failure) Run(MarbleCase marble, string file)
    {
        Load();
        var failure = default(Exception);
        var methods = _methods[Path.GetFileName(file)].ToArray();
        foreach (var method in methods)
        {
            failure ??= Run(method, marble);
        }

        return (methods.Length > 0, failure);
    }

    private static Exception? Run(MethodInfo method, MarbleCase marble)
    {
        try
        {
            var instance = method.IsStatic ? null : Activator.CreateInstance(method.DeclaringType!);
            (method.Invoke(instance, [marble]) as Task)?.GetAwaiter().GetResult();
            return null;
        }
        catch (TargetInvocationException failed)
        {
            return failed.InnerException;
        }
        catch (Exception failed)
        {
            return failed;
        }
    }

    // Again when it was built again.
    private void Load()
    {
        var written = File.GetLastWriteTimeUtc(_path);
        if (written == _written)
        {
            return;
        }

        var assembly = new Context(_path).LoadFromAssemblyPath(_path);
        _methods = assembly.GetTypes().SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static method => !method.DeclaringType!.IsAbstract || method.IsStatic)
            .SelectMany(static method => Files(method).Select(file => (file, method))).ToLookup(static each => each.file, static each => each.method);
        _written = written;
    }

    private static IEnumerable<string> Files(MethodInfo method) =>
        method.GetCustomAttributesData().Where(static data => data.AttributeType.Name == Attribute && data.ConstructorArguments is [{ Value: string }, ..])
            .Select(static data => Path.GetFileName((string)data.ConstructorArguments[0].Value!));

    /// <summary>What the assembly needs stands beside it; what the tool has is the tool's, so that a case is the same to both.</summary>
    private sealed class Context(string path) : AssemblyLoadContext(isCollectible: true)
    {
        private readonly AssemblyDependencyResolver _beside = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name!.StartsWith("System.Reactive", StringComparison.Ordinal) || AppDomain.CurrentDomain.GetAssemblies().Any(own => GetLoadContext(own) == Default && own.GetName().Name == assemblyName.Name)
                ? null : _beside.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }
}
