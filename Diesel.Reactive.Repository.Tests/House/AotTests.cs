namespace Diesel.Reactive.Tests;

/// <summary>A service that is compiled ahead of time, and trimmed, without a warning. It takes a minute of the processors: for the longer run.</summary>
public class AotTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <PublishAot>true</PublishAot>
            <IsPackable>false</IsPackable>
            <NoWarn>$(NoWarn);CS1591</NoWarn>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
            <CppCompilerAndLinker>gcc</CppCompilerAndLinker>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../../Diesel.Reactive.Protocols/Diesel.Reactive.Protocols.csproj" />
            <ProjectReference Include="../../Diesel.Reactive.Hosting/Diesel.Reactive.Hosting.csproj" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using System.Reactive.Linq;
        using Diesel.Reactive;

        var service = new TcpService(0, connection => connection.UntilEol().Select(line => line.ToUpper()));
        Application.Quickstart(service, Observable.Timer(TimeSpan.FromHours(1)), (Func<Task>)(async () =>
        {
            using var client = await Tcp.Connect("localhost", service.Port);
            client.OnNext("hello\r\n".ToBytes());
            Console.WriteLine(await client.Read(Framing.Lines()));
            Application.Quickstop();
        }));
        """;

    [Test]
    public async Task An_echo_service_compiled_ahead_of_time_answers()
    {
        if (!Live.IsSoak)
        {
            Assert.Ignore("DIESEL_SOAK=1 compiles ahead of time.");
        }

        SampleTool.Require("/usr/bin/gcc", "gcc");
        var folder = Directory.CreateDirectory(Repository.PathOf("artifacts", "aot")).FullName;
        await File.WriteAllTextAsync(Path.Join(folder, "Echo.csproj"), Project);
        await File.WriteAllTextAsync(Path.Join(folder, "Program.cs"), Program);
        var published = await SampleTool.Run("dotnet", "publish", Path.Join(folder, "Echo.csproj"), "--use-current-runtime", "-o", Path.Join(folder, "out"), "-tl:off", "-nodeReuse:false");
        Assert.That(published.ExitCode, Is.Zero, published.Text);
        Assert.That(published.Text, Does.Not.Contain("warning IL"));

        var said = await SampleTool.Run(Path.Join(folder, "out", "Echo"));
        Assert.That(said, Is.EqualTo((0, "HELLO\n")), said.Text);
    }
}
