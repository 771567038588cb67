using DieselWeb;

WebApp.Build(args).Run();
