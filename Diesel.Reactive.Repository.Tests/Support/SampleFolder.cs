namespace Diesel.Reactive.Tests;

/// <summary>A folder to serve, beside one that must not be, with the traps that lead there.</summary>
internal static partial class SampleFolder
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Shared => Made.Value;

    private static string Make()
    {
        var temporary = Directory.CreateTempSubdirectory("diesel-samples-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(temporary, recursive: true);
        var root = Directory.CreateDirectory(Path.Join(temporary, "served")).FullName;
        Write(temporary, "secret.txt", "secret");
        Write(temporary, "served-not/secret.txt", "secret");
        Write(root, "index.html", "<p>hello");
        Write(root, "site.css", "p { }\r\n");
        Write(root, "pages/a page & more.txt", "a page");
        Write(root, "pages/index.d/large.bin", new string('x', 1_000_000));
        Write(root, ".hidden/secret.txt", "secret");
        Write(root, "empty.css", "");
        Assert.That(MakePipe(Path.Join(root, "pipe.txt"), Convert.ToUInt32("600", 8)), Is.Zero);
        File.CreateSymbolicLink(Path.Join(root, "link.txt"), Path.Join(temporary, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Join(root, "linked"), temporary);
        return root;
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    private static void Write(string folder, string name, string text)
    {
        var file = Path.Join(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
