<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive.Protocols</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>Diesel.Reactive.Protocols.Http</Namespace>
  <Namespace>System.Net</Namespace>
  <Namespace>System.Net.Http</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
  <Namespace>System.Threading.Tasks</Namespace>
</Query>

await using var service = new HttpService(new IPEndPoint(IPAddress.Loopback, 0), request => HttpResponse.Text($"You asked for {request.Path}."));
service.Start();

using var client = new HttpClient(new DieselHttpHandler());
(await client.GetStringAsync($"http://127.0.0.1:{service.Port}/hello")).Dump("the answer");
