package house_test

// A rule looks for what breaks it. Each stands in a file with its brothers, and
// is followed by the snippets that it is tested on.
type rule struct {
	name     string
	check    func(*repo) []finding
	snippets []snippet
}

// A snippet is a small repository, and what a rule finds in it.
type snippet struct {
	name  string
	files tree
	want  []string
}

// rules is the house style. No rule has exceptions by name, but for unshown.
var rules = []rule{
	{"exported names are documented", documented, documentedSnippets},
	{"comments say something", emptyComments, emptyCommentsSnippets},
	{"packages have a doc.go", packageDocs, packageDocsSnippets},
	{"service methods take a context and return an error", serviceMethods, serviceMethodsSnippets},
	{"clients and services have no exported fields", clientFields, clientFieldsSnippets},
	{"services have examples that are run", serviceExamples, serviceExamplesSnippets},
	{"creates say what a repetition makes", repeatedCreates, repeatedCreatesSnippets},
	{"exported names know no other module", noForeignTypes, noForeignTypesSnippets},
	{"public structs are tried with encoding/json", triedTypes, triedTypesSnippets},
	{"files are short", shortFiles, shortFilesSnippets},
	{"no init functions", noInit, noInitSnippets},
	{"libraries don't print", noPrinting, noPrintingSnippets},
	{"libraries don't import test code", noTestImports, noTestImportsSnippets},
	{"the core imports no service", coreImports, coreImportsSnippets},
	{"services don't import each other", serviceImports, serviceImportsSnippets},
	{"the in-memory cloud imports downwards", cloudImports, cloudImportsSnippets},
	{"no paths of somebody's machine", noMachinePaths, noMachinePathsSnippets},
	{"dependabot knows every module", updates, updatesSnippets},
	{"both READMEs are alike", readmes, readmesSnippets},
}
