// The samples' tests mostly wait for processes and for the seeds' own seconds.
[assembly: LevelOfParallelism(4)]
