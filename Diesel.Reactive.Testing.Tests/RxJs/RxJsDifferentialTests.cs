using System.Diagnostics;
using System.Text.Json;

namespace Diesel.Reactive.Tests;

/// <summary>Random programs of operators tell in our virtual time what they tell in that of RxJS, at the same frames, and listen to their hot sources
/// at the same frames.</summary>
public class RxJsDifferentialTests
{
    private const string Node = "/usr/bin/node";

    private const int MostShown = 12;

    private static readonly int Programs = Live.IsSoak ? 100_000 : 2000;

    // Of these each has timers that come due at one instant, which RxJS and Rx's operators have set in another order.
    private static readonly Dictionary<string, string> Explained = new()
    {
        ["""{"hots":["-a---(cc)|","b-a-c---|"],"root":["timeout",1,["debounceTime",1,["startWith",["interval",2,2,9]]]]}"""] = "RxJS's timeout listens, then starts its time; Rx's the other way round.",
        ["""{"hots":["--|","---|"],"root":["timeout",1,["dematerialize",["timeout",1,["find",["cold","-ca---a|"]]]]]}"""] = "The same.",
        ["""{"hots":["a----a---","c|"],"root":["combineLatest",["interval",1,3,3],["interval",3,1,9]]}"""] = "A timer of RxJS that repeats keeps its place among those of an instant.",
        ["""{"hots":["acc|","---b(bb)-#"],"root":["mergeMap",["onErrorResumeNext",["defaultIfEmpty",["empty"]],["hot",1]],["debounceTime",1,["hot",1]]]}"""] =
            "RxJS's debounceTime lets its timer come, and then sets it for what is left: behind those that were set meanwhile.",
    };

    [Test]
    public void Programs_are_made_of_many_operators() => Assert.That(RxJsProgram.Operators.Distinct().Count(), Is.GreaterThanOrEqualTo(30));

    [Test]
    public void Every_operator_is_in_some_program() => Assert.That(
        RxJsProgram.Operators.Except(Enumerable.Range(0, 2000).SelectMany(static seed => RxJsProgram.Of(seed).Root.Operators)), Is.Empty);

    [Test]
    public async Task Programs_tell_what_they_tell_in_RxJS()
    {
        RxJsProgram[] programs = [.. Enumerable.Range(0, Programs).Select(RxJsProgram.Of)];
        var theirs = await Ask(programs);
        var differences = programs.Zip(theirs).Where(static pair => !Agree(pair.First, pair.Second)).Select(static pair => pair.First).ToArray();
        var unexplained = new List<string>();

        // The shortest of the first few, since a difference deep in a long program is hard to see.
        foreach (var program in differences.Take(MostShown))
        {
            var shortest = await Shorten(program);
            if (!Explained.ContainsKey(shortest.Json()))
            {
                unexplained.Add($"{shortest.Json()}{Environment.NewLine}  RxJS {(await Ask([shortest]))[0]}{Environment.NewLine}  here {shortest.Play()}");
            }
        }

        TestContext.Out.WriteLine($"Of {Programs} programs {differences.Length} differ, {unexplained.Count} of them unexplained.");
        Assert.That(string.Join(Environment.NewLine, unexplained), Is.Empty);
        Assert.That(differences, Has.Length.LessThanOrEqualTo(MostShown));
    }

    private static async Task<RxJsProgram> Shorten(RxJsProgram program)
    {
        while (true)
        {
            RxJsProgram[] shorter = [.. program.Root.Shorter().Select(root => program with { Root = root })];
            var theirs = await Ask(shorter);
            if (shorter.Zip(theirs).Where(static pair => !Agree(pair.First, pair.Second)).Select(static pair => pair.First)
                .MinBy(static one => one.Json().Length) is not { } found)
            {
                return program;
            }

            program = found;
        }
    }

    private static bool Agree(RxJsProgram program, RxJsAnswer theirs) => program.Play().ToString() == theirs.ToString();

    private static async Task<RxJsAnswer[]> Ask(RxJsProgram[] programs)
    {
        var modules = Repository.PathOf("artifacts", "rxjs");
        SampleTool.Require(Node, "nodejs");
        RequireRxJs(modules);
        using var node = Process.Start(new ProcessStartInfo(Node, [Repository.PathOf("Diesel.Reactive.Testing.Tests", "RxJs", "rxjs-programs.mjs"), modules])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var asking = Task.Run(async () =>
        {
            foreach (var program in programs)
            {
                await node.StandardInput.WriteLineAsync(program.Json());
            }

            node.StandardInput.Close();
        });
        var answers = new List<RxJsAnswer>();
        while (answers.Count < programs.Length && await node.StandardOutput.ReadLineAsync().WaitAsync(Live.Patience) is { } line)
        {
            answers.Add(JsonSerializer.Deserialize<RxJsAnswer>(line, JsonSerializerOptions.Web)!);
        }

        await asking;
        Assert.That(answers, Has.Count.EqualTo(programs.Length), "RxJS stopped answering.");
        return [.. answers];
    }

    private static void RequireRxJs(string modules)
    {
        if (Directory.Exists(Path.Combine(modules, "node_modules", "rxjs")))
        {
            return;
        }

        var missing = $"rxjs is not in {modules}: ./test puts it there where npm is installed, or run npm install --prefix {modules} rxjs@7.8.2.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(missing);
        }

        Assert.Ignore(missing);
    }
}
