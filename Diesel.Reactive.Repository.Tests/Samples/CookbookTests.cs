using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Each program of the cookbook does what its page says, and so do its tests.</summary>
[Parallelizable(ParallelScope.All)]
public class CookbookTests
{
    private static readonly string[] Pages = [.. CookbookPage.Names];

    [TestCaseSource(nameof(Pages))]
    public async Task A_program_says_what_its_page_says(string page)
    {
        var recipe = CookbookPage.Read(page);
        var (process, port) = recipe.Start();
        await using var _ = process;
        if (recipe.Conversation.Count == 0)
        {
            Assert.That(await process.ReadToEnd(), Is.EqualTo(recipe.Output).And.Not.Empty);
            Assert.That((await process.End()).Code, Is.Zero);
        }
        else
        {
            await Hold(recipe.Conversation, new(IPAddress.Loopback, port));
        }
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Its_tests_pass(string page)
    {
        var tests = CookbookPage.Read(page).Tests().ToList();
        Assert.That(tests, Is.Not.Empty);
        foreach (var test in tests)
        {
            await test();
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void A_page_is_in_the_list(string page) =>
        Assert.That(File.ReadAllText(Repository.PathOf("docs", "cookbook", "README.md")), Does.Contain($"]({page}.md)"));

    // "ann> hello" is sent, "ann< hello" is what comes, "ann." leaves.
    private static async Task Hold(IEnumerable<string> conversation, IPEndPoint server)
    {
        var people = new Dictionary<string, StreamReader>();
        foreach (var line in conversation)
        {
            var at = line.IndexOfAny(['>', '<', '.']);
            var (name, text) = (line[..at], line[(at + 1)..].TrimStart(' '));
            var person = people.TryGetValue(name, out var known) ? known : people[name] = await Enter(server);
            switch (line[at])
            {
                case '>':
                    await person.BaseStream.WriteAsync($"{text}\r\n".ToBytes());
                    break;
                case '<':
                    Assert.That(await person.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(text), line);
                    break;
                default:
                    person.Dispose();
                    break;
            }
        }
    }

    private static async Task<StreamReader> Enter(IPEndPoint server)
    {
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(server);
                return new(new NetworkStream(socket, ownsSocket: true));
            }
            catch (SocketException) when (attempt < 200)
            {
                socket.Dispose();
                await Task.Delay(100);
            }
        }
    }
}
