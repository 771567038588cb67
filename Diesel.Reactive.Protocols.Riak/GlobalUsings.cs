global using System.Reactive;
