// One test at a time: between fork and exec a started process shares every open file, and with it the locks that another test is about to give back.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
